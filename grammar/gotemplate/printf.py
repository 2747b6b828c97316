"""`printf`: Go's fmt.Sprintf for the verbs that people use. Misuse gives Go's own `%!d(string=x)`."""

import re
from collections.abc import Sequence
from typing import Any

from stackferry.grammar.go_format import float_text
from stackferry.grammar.gotemplate.value import printed, type_name
from stackferry.grammar.regex import regex

WIDEST = 10_000
"""Widest field in columns: more is taken as a mistake, as Go does from a million on."""

_VERB = regex(r"%([-+# 0]*)(\*|[0-9]+)?(?:\.(\*|[0-9]*))?(.)?", re.DOTALL)
_BASES = {"d": "d", "b": "b", "o": "o", "x": "x", "X": "X"}


def sprintf(form: str, values: Sequence[Any]) -> str:
    """`form` with its verbs replaced by the values."""
    rest = list(values)
    used = 0

    def number(text: str | None, fallback: int | None) -> int | None:
        nonlocal used
        if text is None:
            return fallback
        if text != "*":
            return int(text[:9] or 0)
        value = rest[used] if used < len(rest) else None
        used += 1
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def one(found: re.Match[str]) -> str:
        nonlocal used
        flags, width_text, precision_text, verb = found.groups()
        width, precision = number(width_text, 0), number(precision_text, None)
        if verb is None:
            return "%!(NOVERB)"
        if verb == "%":
            return "%"
        if width is None or abs(width) > WIDEST:
            return "%!(BADWIDTH)"
        if precision is not None and not 0 <= precision <= WIDEST:
            return "%!(BADPREC)"
        if used >= len(rest):
            return f"%!{verb}(MISSING)"
        value, used = rest[used], used + 1
        return _padded(_formatted(verb, value, flags, precision), flags + "-" * (width < 0), abs(width), value, verb)

    text = _VERB.sub(one, form)
    if used < len(rest):
        text += f"%!(EXTRA {', '.join(f'{type_name(value)}={printed(value)}' for value in rest[used:])})"
    return text


def _padded(text: str, flags: str, width: int, value: Any, verb: str) -> str:
    if "-" in flags:
        return text.ljust(width)
    if "0" in flags and not (verb in "sqv" and isinstance(value, str)):
        sign = text[:1] if text[:1] in ("+", "-") else ""
        return sign + text[len(sign) :].rjust(width - len(sign), "0")
    return text.rjust(width)


def _formatted(verb: str, value: Any, flags: str, precision: int | None) -> str:
    kind = "bool" if isinstance(value, bool) else type_name(value)
    if verb == "T":
        return type_name(value)
    if verb == "v":
        return _signed(printed(value), value, flags) if precision is None else _text(printed(value), precision)
    if verb == "t" and kind == "bool":
        return printed(value)
    if kind == "int":
        made = _integer(verb, value, flags)
    elif kind == "float64":
        made = _float(verb, value, flags, precision)
    elif kind == "string":
        made = _string(verb, str(value), flags, precision)
    elif isinstance(value, list | tuple) and verb in "sqdxX":
        made = f"[{' '.join(_formatted(verb, one, flags, precision) for one in value)}]"
    else:
        made = _text(printed(value), precision) if verb == "s" and kind not in ("bool", "<nil>") else None
    return f"%!{verb}({'<nil>' if value is None else f'{kind}={printed(value)}'})" if made is None else made


def _text(text: str, precision: int | None) -> str:
    return text if precision is None else text[:precision]


def _signed(text: str, value: Any, flags: str) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool) or text[:1] in ("-", "+"):
        return text
    return ("+" if "+" in flags else " " if " " in flags else "") + text


def _integer(verb: str, value: int, flags: str) -> str | None:
    if verb in _BASES:
        prefix = {"x": "0x", "X": "0X", "o": "0", "b": "0b"}.get(verb, "") if "#" in flags else ""
        text = f"{abs(value):{_BASES[verb]}}"
        return _signed(f"{'-' if value < 0 else ''}{prefix}{text}", value, flags)
    if verb in "cqU":
        if not 0 <= value <= 0x10FFFF or 0xD800 <= value < 0xE000:
            value = 0xFFFD
        return {"c": chr(value), "q": f"'{chr(value)}'", "U": f"U+{value:04X}"}[verb]
    return None


def _float(verb: str, value: float, flags: str, precision: int | None) -> str | None:
    if verb in "fFeE":
        text = f"{value:.{6 if precision is None else precision}{verb}}"
    elif verb in "gG":
        text = float_text(value) if precision is None else f"{value:.{precision or 1}{verb}}"
    else:
        return None
    return _signed(text, value, flags)


def _string(verb: str, value: str, flags: str, precision: int | None) -> str | None:
    if verb == "s":
        return _text(value, precision)
    if verb == "q":
        return quoted(_text(value, precision))
    if verb in "xX":
        text = value.encode("utf-8", "surrogatepass").hex()
        return text.upper() if verb == "X" else text
    return None


_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
}


def quoted(text: str) -> str:
    """The text as Go writes it in double quotes."""

    def one(character: str) -> str:
        if character in _ESCAPES:
            return _ESCAPES[character]
        if character.isprintable():
            return character
        code = ord(character)
        return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

    return f'"{"".join(map(one, text))}"'
