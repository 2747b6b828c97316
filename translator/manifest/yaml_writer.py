"""Writes plain values as YAML text that every parser, 1.1 and 1.2, reads back as the same values.

PyYAML's emitter leaves `1e3` and `0o17` unquoted (Kubernetes' parser reads numbers) and escapes a
whole text as soon as it holds a tab; manifests are full of both, so the text is made here.
"""

import json
import re
from functools import lru_cache
from typing import Any

from stackferry.grammar.regex import regex

_PLAIN = regex(r"[A-Za-z_/]([A-Za-z0-9_./@%+,=~^()*$-]|:(?=[^\s:])| (?=[^\s#]))*", re.ASCII)
_RESERVED = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"))
_QUANTITY = regex(r"[1-9]\d*([KMGT]i|m)", re.ASCII)
_NUMBER_LIKE = regex(r"[-+]?(\.|\d|inf|nan)", re.IGNORECASE)
# Characters that YAML calls not printable. A pattern of the complement would take ten times as long to compile.
_ESCAPES = regex(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_BLANK_LINE = regex(r"^[ \t]+$", re.MULTILINE)


def dump(value: Any) -> str:
    """One YAML document: a mapping in its own order, lists not indented, as kubectl prints them."""
    lines: list[str] = []
    _mapping(value, "", lines)
    return "\n".join(lines) + "\n"


def _mapping(value: dict[str, Any], indent: str, lines: list[str], first: str | None = None) -> None:
    """Append the lines of a mapping; `first` is the prefix of its first line, if it is a list item."""
    head = indent if first is None else first
    for key, child in value.items():
        # Nearly all values of a manifest are one line of text: they are written here, to save calls.
        if type(child) is str and "\n" not in child:
            lines.append(f"{head}{_short(key)}: {_short(child) if len(child) <= _SHORT else _text(child)}")
        elif type(child) is int:
            lines.append(f"{head}{_short(key)}: {child}")
        elif isinstance(child, dict) and child:
            lines.append(f"{head}{_short(key)}:")
            _mapping(child, indent + "  ", lines)
        elif isinstance(child, list) and child:
            lines.append(f"{head}{_short(key)}:")
            _sequence(child, indent, lines)
        else:
            lines.append(f"{head}{_short(key)}: {_value(child, indent)}")
        head = indent


def _sequence(value: list[Any], indent: str, lines: list[str]) -> None:
    for item in value:
        if isinstance(item, dict) and item:
            _mapping(item, indent + "  ", lines, f"{indent}- ")
        elif isinstance(item, list) and item:
            lines.append(f"{indent}-")
            _sequence(item, indent + "  ", lines)
        else:
            lines.append(f"{indent}- {_value(item, indent)}")


def _value(value: Any, indent: str) -> str:
    if isinstance(value, str) and "\n" in value and _fits_block(value):
        return _block(value, indent + "  ")
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list):
        return "[]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if not isinstance(value, str):
        raise TypeError(f"a manifest cannot contain a {type(value).__name__}: {value!r}")
    return _short(value) if len(value) <= _SHORT else _text(value)


def _text(value: str) -> str:
    if _QUANTITY.fullmatch(value):
        return value
    if _PLAIN.fullmatch(value) and value.lower() not in _RESERVED and not _NUMBER_LIKE.match(value):
        return value
    return _ESCAPES.sub(_escape, json.dumps(value, ensure_ascii=False))


_SHORT = 64
_short = lru_cache(4096)(_text)
"""`_text`, cached for the texts that manifests repeat: keys, labels, names."""


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xD800 <= code < 0xE000:  # a surrogate: a byte that was not UTF-8
        return match[0]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _fits_block(text: str) -> bool:
    """Whether a `|` block gives the text back exactly and readably."""
    return not (_ESCAPES.search(text) or _BLANK_LINE.search(text) or text.strip("\n") == "")


def _block(text: str, indent: str) -> str:
    hint = "2" if text[0] in " \t\n" else ""
    body = text.rstrip("\n")
    ending = len(text) - len(body)
    chomp = "-" if ending == 0 else "" if ending == 1 else "+"
    lines = [f"{indent}{line}" if line else "" for line in body.split("\n")] + [""] * (ending - 1)
    return "\n".join([f"|{hint}{chomp}", *lines])
