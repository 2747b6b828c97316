"""A canonical document as text: YAML and JSON, in the layout of `docker compose config`.

Has its own writer: PyYAML's is ten times slower and quotes by the rules of YAML 1.1. Values are plain
(`canonical.py`): mappings, lists, text, numbers, booleans, null. Style rules: go-yaml v4's encoder.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from stackferry.grammar.compose.tree.scalars import resolve
from stackferry.grammar.go_format import float_text
from stackferry.grammar.regex import regex


def render_json(document: Any) -> str:
    """JSON indented by two, without a final newline, as Docker Compose prints it."""
    return _as_go("".join(_json(document)))


def json_pieces(document: Any) -> Iterator[str]:
    """`render_json` and a newline, in small pieces: the whole may be a hundred megabytes."""
    yield from map(_as_go, in_pieces(_json(document)))
    yield "\n"


def in_pieces(texts: Iterator[str]) -> Iterator[str]:
    """Joins many short texts into fewer of about `_PIECE` characters: each write to a file is costly, however short."""
    while piece := "".join(islice(texts, _PIECE)):
        yield piece


_PIECE = 1000


def compact_json(document: Any) -> str:
    """JSON on one line without spaces, as Go's encoder writes it for hashing."""
    import json

    return _as_go(json.dumps(document, separators=(",", ":"), ensure_ascii=False))


def _as_go(text: str) -> str:
    """Escape, as Go does, what could end a script element in HTML; these characters occur in strings only."""
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _json(document: Any) -> Iterator[str]:
    """The text, entry by entry. Python's own encoder passes each entry through all levels above it."""
    from json import dumps
    from json.encoder import encode_basestring

    if type(document) not in (dict, list) or not document:
        yield dumps(document, ensure_ascii=False)
        return
    kind, indent = type(document), "\n  "
    between = indent
    entries = iter(document.items() if kind is dict else document)
    above: list[tuple[Any, type]] = []
    yield "{" if kind is dict else "["
    while True:
        for entry in entries:
            if kind is dict:
                key, value = entry
                begin = f"{between}{encode_basestring(key)}: "
            else:
                value, begin = entry, between
            within = type(value)
            if (within is dict or within is list) and value:
                above.append((entries, kind))
                yield begin + ("{" if within is dict else "[")
                entries, kind, indent = iter(value.items() if within is dict else value), within, indent + "  "
                between = indent
                break
            yield begin + (encode_basestring(value) if within is str else dumps(value, ensure_ascii=False))
            between = f",{indent}"
        else:
            indent = indent[:-2]
            yield indent + ("}" if kind is dict else "]")
            if not above:
                return
            entries, kind = above.pop()
            between = f",{indent}"


def render_yaml(document: Any) -> str:
    """YAML in block style, indented by two, text quoted only where it has to be."""
    return "".join(yaml_pieces(document))


def yaml_pieces(document: Any) -> Iterator[str]:
    """The same in small pieces."""
    lines = yaml_lines(document)
    while piece := list(islice(lines, _PIECE)):
        piece.append("")
        yield "\n".join(piece)


def yaml_lines(document: Any) -> Iterator[str]:
    """The same in lines: one for each key and each item; a block of text is one line.

    An item that is a mapping or list begins on the line of its first entry.
    One loop with its own stack, so that a line costs the same at any depth.
    """
    if type(document) not in (dict, list) or not document:
        yield _inline(document, "")
        return
    kind, indent, head = type(document), "", ""
    entries = iter(document.items() if kind is dict else document)
    above: list[tuple[Any, type, str]] = []
    while True:
        deeper = indent + "  "
        for entry in entries:
            if kind is dict:
                key, value = entry
                line = f"{head}{_text(key, deeper)}:"
                if len(key) > _SIMPLE or "\n" in key:
                    line = _any_key(key, line, head, indent)
            else:
                value, line = entry, f"{head}-"
            within = type(value)
            if within is str:
                text = _text(value, deeper)
                whole = f"{line} {text}"
                yield whole if len(whole) <= _WIDTH or "\n" in text else _folded(line, text, deeper)
                head = indent
                continue
            if (within is not dict and within is not list) or not value:
                yield f"{line} {_inline(value, deeper)}"
                head = indent
                continue
            above.append((entries, kind, indent))
            if kind is dict:
                yield line
                head = deeper
            else:
                head = f"{line} "
            entries, kind, indent = iter(value.items() if within is dict else value), within, deeper
            break
        else:
            if not above:
                return
            entries, kind, indent = above.pop()
            head = indent


_WIDTH = 80
"""Columns after which text is folded, at the next single blank."""


def _folded(line: str, text: str, indent: str) -> str:
    """One-line text, plain or in quotes, after `line`, folded into as many lines as it needs."""
    quote = text[0] if text[0] in "'\"" else ""
    parts = [f"{line} {text[: len(quote)]}"]
    column, begin = len(parts[0]), len(quote)
    for found in _BLANK.finditer(text, begin, len(text) - len(quote)):
        place = found.start()
        if column + place - begin > _WIDTH and begin < place and place + 1 < len(text) - len(quote):
            parts.append(f"{text[begin:place]}\n{indent}")
            column, begin = len(indent), place + 1
    return "".join([*parts, text[begin:]])


# A single blank only: of several, some would be lost at the end of a line.
_BLANK = regex(r"(?<! ) (?! )")
_SIMPLE = 32
"""Keys up to this many characters surely fit `key: value`, which must take one line of 128 bytes."""


def _any_key(key: str, simple: str, head: str, indent: str) -> str:
    """A key that may be long or contain line breaks: then it is written as `? key` and `: value`."""
    if "\n" not in key and len(key.encode("utf-8", "surrogatepass")) <= 4 * _SIMPLE:
        return simple
    return f"{head}? {simple[len(head) : -1]}\n{indent}:"


_WORDS = {True: "true", False: "false"}


def _inline(value: Any, indent: str) -> str:
    kind = type(value)
    if kind is str:
        return _text(value, indent)
    if kind is bool:
        return _WORDS[value]
    if value is None:
        return "null"
    if kind is dict:
        return "{}"
    if kind is list:
        return "[]"
    if isinstance(value, float):
        return float_text(value)
    return str(value)


def _text(value: str, indent: str) -> str:
    if "\n" in value:
        return _multiline(value, indent)
    return _quoted(value)


# YAML 1.1 numbers with `_`, and its lone `=`: plain text to us, but not to every reader.
_OLD = regex(r"=|[-+]?\.[0-9][0-9_]*|[-+]?0(?:b[01_]+|x[0-9a-fA-F_]+|[0-7_]+)")
# The merge key, YAML 1.1 words and base-60 numbers, for which go-yaml v4 uses the other kind of quotes.
_OLDER = regex(
    r"<<|[yY]|yes|Yes|YES|on|On|ON|[nN]|no|No|NO|off|Off|OFF|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
)
_UNPLAIN = regex(r"""---|\.\.\.|[#,\[\]{}&*!|>'"%@`]|[?:](?=\s|$)|-(?=\s|$)|\s|.*:(?=\s|$)|.*\s\#|.*\s$""", re.DOTALL)
# Characters that are not printable, or end a line for some readers. The complement takes ten times as long to compile.
_UNPRINTABLE = regex(r"[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


@lru_cache(maxsize=8192)
def _quoted(value: str) -> str:
    """One-line text: plain if it parses to the same text, else in quotes."""
    if _UNPRINTABLE.search(value):
        return _escaped(value)
    if type(resolve(value)) is not str or _OLD.fullmatch(value):
        return _escaped(value)
    if _UNPLAIN.match(value) or _OLDER.fullmatch(value):
        return "'" + value.replace("'", "''") + "'"
    return value


_ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    "\x85": "\\N",
    "\xa0": "\\_",
    "\u2028": "\\L",
    "\u2029": "\\P",
}


def _escaped(value: str) -> str:
    return '"' + "".join(_escapes(value)) + '"'


def _escapes(value: str) -> Iterator[str]:
    for letter in value:
        if letter in _ESCAPES:
            yield _ESCAPES[letter]
        elif not _UNPRINTABLE.match(letter):
            yield letter
        else:
            code = ord(letter)
            yield f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _multiline(value: str, indent: str) -> str:
    """A literal block; text that a block cannot hold exactly is quoted."""
    lines = value.split("\n")
    if any(_UNPRINTABLE.search(line.replace("\t", " ")) for line in lines) or any(line[-1:] == " " for line in lines):
        return _escaped(value)
    first = value.lstrip("\n")[:1]
    if first == "\t" or (first == " " and value[0] == "\n") or value.isspace():
        # Parsers read that white space as indentation; docker compose does so even with its own output.
        return _escaped(value)
    tail = len(value) - len(value.rstrip("\n"))
    chomp = "-" if tail == 0 else "" if tail == 1 and value != "\n" else "+"
    hint = "2" if value[0] == " " else ""
    body = lines[: len(lines) - 1] if tail else lines
    return f"|{hint}{chomp}\n" + "\n".join(indent + line if line else "" for line in body)
