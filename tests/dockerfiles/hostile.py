"""Hostile Dockerfiles: large, deep, or endless in one respect, in any size. Tests measure their cost."""

from collections.abc import Callable, Mapping

HEAD = b"FROM alpine:3.20\n"


def _filled(head: bytes, piece: bytes, tail: bytes, size: int) -> bytes:
    return head + piece * (max(0, size - len(head) - len(tail)) // len(piece)) + tail


def _fills(head: bytes, piece: bytes, tail: bytes = b"\n") -> Callable[[int], bytes]:
    return lambda size: _filled(head, piece, tail, size)


ATTACKS: Mapping[str, Callable[[int], bytes]] = {
    "nothing but line feeds": _fills(HEAD, b"\n"),
    "nothing but blanks": _fills(HEAD, b" "),
    "nothing but zeros": _fills(HEAD, b"\0"),
    "bytes that are not UTF-8": _fills(HEAD, b"\xff\xfe\x80"),
    "carriage returns": _fills(HEAD, b"\r"),
    "comments": _fills(HEAD, b"# comment\n"),
    "comments above one instruction": _fills(HEAD, b"# c\n", b"RUN a\n"),
    "pragmas": _fills(HEAD, b"# hadolint ignore=DL3008,SC2086\n", b"RUN a\n"),
    "ids in a pragma": _fills(HEAD + b"# hadolint ignore=", b"DL3008,", b"\nRUN a\n"),
    "ids in a directive": _fills(b"# check=skip=", b"DL3008,", b"\nFROM a\nRUN a\n"),
    "directives": _fills(b"", b"# syntax=a\n", HEAD),
    "small instructions": _fills(HEAD, b"RUN a\n"),
    "unknown instructions": _fills(HEAD, b"NOPE a\n"),
    "stages": _fills(b"", b"FROM a AS b\n"),
    "stages that start from the last": lambda size: b"".join(
        f"FROM {'s' + str(one - 1) if one else 'a'} AS s{one}\n".encode() for one in range(size // 20 + 1)
    ),
    "stages that inherit variables": lambda size: (
        b"FROM a AS s0\n" + b"".join(f"ENV v{one}=1\nFROM s{one} AS s{one + 1}\n".encode() for one in range(size // 33))
    ),
    "copies from many stages": lambda size: b"".join(
        f"FROM a AS s{one}\nCOPY --from=s{one // 2} a b\n".encode() for one in range(size // 36 + 1)
    ),
    "different unknown instructions": lambda size: (
        HEAD + b"".join(f"RUN{one} a\n".encode() for one in range(size // 10))
    ),
    "a word": _fills(HEAD + b"RUN ", b"a"),
    "an unknown instruction": _fills(HEAD, b"A", b" b\n"),
    "an image's name": _fills(b"FROM ", b"a/"),
    "continued lines": _fills(HEAD + b"RUN a", b" \\\n"),
    "continued lines with text": _fills(HEAD + b"RUN a", b" b \\\n", b"c\n"),
    "comments in continued lines": _fills(HEAD + b"RUN a \\\n", b"# c\n", b"b\n"),
    "blank lines in continued lines": _fills(HEAD + b"RUN a \\\n", b"\n", b"b\n"),
    "escapes": _fills(HEAD + b"RUN a ", b"\\"),
    "backticks": _fills(b"# escape=`\nFROM a\nRUN a ", b"`"),
    "flags": _fills(HEAD + b"RUN ", b"--mount=type=cache,target=/a ", b"b\n"),
    "keys in a mount": _fills(HEAD + b"RUN --mount=type=cache", b",target=/a", b" b\n"),
    "variables": _fills(HEAD + b"ENV a=", b"${a:-b}"),
    "variables in variables": lambda size: HEAD + b"ENV a=" + b"${a:-" * (size // 6) + b"}" * (size // 6) + b"\n",
    "variables that do not end": _fills(HEAD + b"ENV a=", b"${a:-"),
    "patterns in variables": _fills(HEAD + b"ARG a\nENV b=${a##", b"*?", b"}\n"),
    "a value that doubles": lambda size: HEAD + b"ENV a=xxxxxxxxxx\n" + b"ENV a=$a$a\n" * min(size // 11, 60),
    "variables in a file that is copied": _fills(HEAD + b"COPY <<EOF /a\n", b"$a ${b:-c}\n", b"EOF\n"),
    "pairs": _fills(HEAD + b"ENV", b" a=b"),
    "arguments": _fills(b"", b"ARG a=b\n", HEAD),
    "exec form": _fills(HEAD + b"CMD [", b'"a",', b'"b"]\n'),
    "brackets": _fills(HEAD + b"CMD ", b"["),
    "braces": _fills(HEAD + b"CMD [", b'{"a":'),
    "a string that does not end": _fills(HEAD + b'CMD ["', b"\\u0041"),
    "quotes": _fills(HEAD + b"RUN ", b"'\"`"),
    "shell groups": _fills(HEAD + b"RUN ", b"( "),
    "shell substitutions": _fills(HEAD + b"RUN ", b"$(a "),
    "shell pipes": _fills(HEAD + b"RUN a", b" | a"),
    "shell conditions": _fills(HEAD + b"RUN ", b"if a; then "),
    "commands": _fills(HEAD + b"RUN a", b" && apt-get install -y b"),
    "functions": _fills(HEAD + b"RUN ", b"f() { a; }; ", b"a\n"),
    "strings for a shell": _fills(HEAD + b"RUN ", b"sh -c 'a; b'; ", b"a\n"),
    "installs": _fills(HEAD, b"RUN pip install a b; cd x; apt-get install c | sh\n"),
    "packages": _fills(HEAD + b"RUN apt-get install -y", b" a"),
    "here-documents in a line": _fills(HEAD + b"RUN a", b" <<A"),
    "here-documents, each with its end": lambda size: (
        HEAD + b"RUN a" + b" <<A" * (size // 6) + b"\n" + b"A\n" * (size // 6)
    ),
    "a here-document": _fills(HEAD + b"RUN <<EOF\n", b"a\n", b"EOF\n"),
    "a here-document that does not end": _fills(HEAD + b"RUN <<EOF\n", b"EO\n"),
    "here-strings": _fills(HEAD + b"RUN a", b" <<<"),
    "triggers": _fills(HEAD, b"ONBUILD ", b"RUN a\n"),
    "ports": _fills(HEAD + b"EXPOSE", b" 80"),
    "labels": _fills(HEAD + b"LABEL a=b", b" \\\n a=b"),
    "sources of a copy": _fills(HEAD + b"COPY", b" a", b" /b/\n"),
    "white space of all kinds": _fills(HEAD + b"RUN a", "\u2003\xa0\v\f".encode()),
    "byte order marks": _fills(b"", b"\xef\xbb\xbf", HEAD),
}
"""What a file is full of → the file of so many bytes, or a little less."""
