"""The functions of templates: Go's own, and those that docker's command line adds.

Each takes values and returns a value, or raises ValueError with a message; `evaluate.py` adds the place. The
emulator passes in functions of its own (`env`, `secret`, `config`), which win over these.
"""

import json as json_
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stackferry.grammar.gotemplate.printf import sprintf
from stackferry.grammar.gotemplate.value import fields_of, is_record, is_true, printed, type_name

Function = Callable[..., Any]

WIDEST = 10_000
LONGEST_TEXT = 16 * 1024 * 1024
"""Most characters that one function may return: templates may come from other people's files."""


def _index(value: Any, *keys: Any) -> Any:
    for key in keys:
        if isinstance(value, Mapping):
            if key in value:
                value = value[key]
            else:
                # The zero value of the map's element type: nearly always text.
                value = "" if all(isinstance(one, str) for one in value.values()) else None
        elif isinstance(value, str | list | tuple):
            if not isinstance(key, int) or isinstance(key, bool):
                raise ValueError(f"cannot index slice/array with type {type_name(key)}")
            if not 0 <= key < len(value):
                raise ValueError(f"index out of range: {key}")
            value = ord(value[key]) if isinstance(value, str) else value[key]
        elif value is None:
            raise ValueError("index of nil")
        else:
            raise ValueError(f"can't index item of type {type_name(value)}")
    return value


def _slice(value: Any, *ends: Any) -> Any:
    if not isinstance(value, str | list | tuple):
        raise ValueError(f"can't slice item of type {type_name(value)}")
    if len(ends) > 2:
        raise ValueError("too many slice indexes")
    first, last = ends[0] if ends else 0, ends[1] if len(ends) > 1 else len(value)
    if not all(isinstance(one, int) and 0 <= one <= len(value) for one in (first, last)) or first > last:
        raise ValueError(f"index out of range: {printed(first)}:{printed(last)}")
    return value[first:last]


def _len(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, Mapping | list | tuple):
        return len(value)
    raise ValueError(f"len of {type_name(value)}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"wrong type for value; expected string; got {type_name(value)}")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"wrong type for value; expected int; got {type_name(value)}")
    return value


def _bounded(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"the result has more than {LONGEST_TEXT} characters")
    return text


def _join(values: Any, separator: Any) -> str:
    if not isinstance(values, list | tuple):
        raise ValueError(f"wrong type for value; expected []string; got {type_name(values)}")
    return _bounded(_text(separator).join(map(_text, values)))


def _pad(text: Any, before: Any, after: Any) -> str:
    widths = _whole(before), _whole(after)
    if any(not 0 <= width <= WIDEST for width in widths):
        raise ValueError(f"the width must be between 0 and {WIDEST}")
    return f"{' ' * widths[0]}{text}{' ' * widths[1]}" if _text(text) else ""


def _truncate(text: Any, length: Any) -> str:
    if _whole(length) < 0:
        raise ValueError("the length cannot be negative")
    return _text(text)[:length]


def _title(text: Any) -> str:
    """Capitalize every word, leaving its other letters unchanged."""
    made, inside = [], False
    for character in _text(text):
        made.append(character if inside else character.title())
        inside = character.isalnum() or character in "_'"
    return "".join(made)


def to_json(value: Any) -> str:
    """A value as Go's encoder writes it: compact, keys of maps sorted, fields of records in their order."""
    try:
        text = json_.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"cannot be written as JSON: {error}") from None
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _plain(value: Any) -> Any:
    if is_record(value):
        return {name: _plain(one) for name, one in fields_of(value).items()}
    if isinstance(value, Mapping):
        return {printed(key): _plain(value[key]) for key in sorted(value, key=str) if not callable(value[key])}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


_KINDS = {bool: "bool", int: "number", float: "float", str: "text", type(None): "nil"}


def _kind(value: Any) -> str:
    found = next((_KINDS[kind] for kind in type(value).__mro__ if kind in _KINDS), "")
    if not found:
        raise ValueError(f"{type_name(value)} cannot be compared")
    return found


def _same_kind(left: Any, other: Any) -> str:
    kinds = {_kind(left), _kind(other)}
    if len(kinds) > 1 and "nil" not in kinds:
        raise ValueError("incompatible types for comparison")
    return kinds.pop() if len(kinds) == 1 else "nil"


def _equal(left: Any, *others: Any) -> bool:
    if not others:
        raise ValueError("missing argument for comparison")
    for other in others:
        _same_kind(left, other)
        if left == other:
            return True
    return False


def _less(left: Any, other: Any) -> bool:
    if _same_kind(left, other) in ("bool", "nil"):
        raise ValueError("invalid type for comparison")
    return bool(left < other)


def _sprint(*values: Any) -> str:
    """As Go's `Sprint`: a space between two operands if neither is text."""
    text = ""
    for index, value in enumerate(values):
        if index and not isinstance(value, str) and not isinstance(values[index - 1], str):
            text += " "
        text += printed(value)
    return text


def _escaped(table: Mapping[str, str]) -> Function:
    translation = str.maketrans(dict(table))
    return lambda *values: _sprint(*values).translate(translation)


FUNCTIONS: Mapping[str, Function] = {
    "index": _index,
    "slice": _slice,
    "len": _len,
    "not": lambda value: not is_true(value),
    "eq": _equal,
    "ne": lambda one, other: not _equal(one, other),
    "lt": _less,
    "le": lambda one, other: _less(one, other) or _equal(one, other),
    "gt": lambda one, other: not (_less(one, other) or _equal(one, other)),
    "ge": lambda one, other: not _less(one, other),
    "print": _sprint,
    "println": lambda *values: " ".join(map(printed, values)) + "\n",
    "printf": lambda form, *values: sprintf(_text(form), values),
    "html": _escaped({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;", "\0": "\ufffd"}),
    "urlquery": lambda *values: urllib.parse.quote_plus(_sprint(*values), errors="replace"),
    "join": _join,
    "split": lambda text, separator: _text(text).split(_text(separator)) if separator else list(_text(text)),
    "upper": lambda text: _text(text).upper(),
    "lower": lambda text: _text(text).lower(),
    "title": _title,
    "pad": _pad,
    "truncate": _truncate,
    "json": to_json,
}
"""Without `and` and `or`, which do not evaluate all their arguments (`evaluate.py`)."""


def call(function: Function, name: str, arguments: Sequence[Any]) -> Any:
    """The function's result; raises ValueError if the arguments do not fit."""
    import inspect

    try:
        signature = inspect.signature(function)
    except ValueError:
        # Some of Python's builtins have no signature.
        return function(*arguments)
    try:
        signature.bind(*arguments)
    except TypeError:
        raise ValueError(f"wrong number of args for {name}: {len(arguments)}") from None
    return function(*arguments)
