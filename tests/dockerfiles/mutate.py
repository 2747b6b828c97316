"""Mutated real Dockerfiles: bytes removed or doubled, lines swapped, pieces of other files inserted."""

from collections.abc import Callable, Sequence
from random import Random

TOKENS = (
    *(b"\n", b"\\\n", b" \\ \n", b"\r\n", b"\r", b" ", b"\t", b"#", b"# escape=`\n", b"<<EOF", b"EOF\n", b"<<-'A B'\n"),
    *(
        b'"',
        b"'",
        b"\\",
        b"`",
        b"$",
        b"${A:-",
        b"}",
        b"[",
        b"]",
        b'["a", ',
        b",",
        b"--",
        b"--mount=type=",
        b"=",
        b"FROM ",
    ),
    *(
        b"RUN ",
        b"ONBUILD ",
        b"COPY --from=0 ",
        b"ENV ",
        b"\xff",
        b"\xc3",
        b"\0",
        b"\xef\xbb\xbf",
        b"\xc2\x85",
        b"\xe2\x80\xa8",
    ),
)


def mutated(random: Random, content: bytes, others: Sequence[bytes] = ()) -> bytes:
    """The content after one to four changes; `others` lend pieces."""
    for _ in range(1 + min(random.randrange(4), random.randrange(4))):
        content = random.choice(_CHANGES)(random, content, others)
    return content


Change = Callable[[Random, bytes, Sequence[bytes]], bytes]


def _cut(random: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Some bytes are gone."""
    at, end = _range(random, len(content))
    return content[:at] + content[end:]


def _double(random: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Some bytes are there twice."""
    at, end = _range(random, len(content))
    return content[:end] + content[at:]


def _swap_lines(random: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Two lines have changed places."""
    lines = content.splitlines(keepends=True)
    if len(lines) > 1:
        first, second = random.randrange(len(lines)), random.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def _drop_line(random: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """A line is gone, or there twice."""
    lines = content.splitlines(keepends=True)
    if lines:
        at = random.randrange(len(lines))
        lines[at : at + 1] = [lines[at]] * random.choice((0, 0, 2))
    return b"".join(lines)


def _insert(random: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """A token that means something stands somewhere."""
    at = random.randrange(len(content) + 1)
    return content[:at] + random.choice(TOKENS) * random.choice((1, 1, 1, 2, 3)) + content[at:]


def _replace(random: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """A byte is another one."""
    if not content:
        return content
    at = random.randrange(len(content))
    return content[:at] + bytes([random.randrange(256)]) + content[at + 1 :]


def _splice(random: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Lines of another file stand between the lines of this one."""
    if not others:
        return content
    lines, lent = content.splitlines(keepends=True), random.choice(others).splitlines(keepends=True)
    at, (begin, end) = random.randrange(len(lines) + 1), _range(random, len(lent))
    return b"".join([*lines[:at], *lent[begin:end], *lines[at:]])


_CHANGES: Sequence[Change] = (_cut, _double, _swap_lines, _drop_line, _insert, _insert, _replace, _splice)


def _range(random: Random, size: int) -> tuple[int, int]:
    """A short range in `size` bytes."""
    at = random.randrange(size + 1)
    return at, min(size, at + random.choice((1, 1, 2, 5, 20)))
