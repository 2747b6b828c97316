"""What an unquoted YAML scalar means, by the rules of go-yaml v4, which Docker Compose uses.

YAML 1.2 with leftovers of 1.1: `yes` and `on` are text, `0777` is octal, `1_000` is a number.
`read.py` uses it for every scalar that no quotes or tag mark as text.
"""

import binascii
import math
from collections.abc import Callable
from typing import Any

from stackferry.grammar.regex import regex


class Timestamp(str):
    """An unquoted date or time, which YAML does not read as text.

    It is legal below an `x-` key, where it is printed in RFC 3339 form, and as the value of a variable, a label
    and the like, where it becomes what Go prints (`go_text`).
    """

    __slots__ = ()

    def normal(self) -> str:
        """The RFC 3339 form: all fields with two digits, always a time and a zone."""
        day, _, time = self.replace("t", "T").replace(" ", "T").partition("T")
        date = "-".join(part.rjust(2, "0") for part in day.split("-"))
        clock, zone = _ZONE.fullmatch(time).groups() if time else ("0:0:0", None)  # type: ignore[union-attr]
        whole, _, decimals = clock.partition(".")
        second = ":".join(part.rjust(2, "0") for part in whole.split(":"))
        decimals = decimals[:9].rstrip("0")
        return f"{date}T{second}{'.' + decimals if decimals else ''}{zone or 'Z'}"

    def go_text(self) -> str:
        """What Go's `time.Time` prints: `2001-02-03 00:00:00 +0000 UTC`."""
        day, _, time = self.normal().partition("T")
        clock, zone = _ZONE.fullmatch(time).groups()  # type: ignore[union-attr]
        offset = zone.replace(":", "")
        return f"{day} {clock} {f'{offset} {offset}' if offset.strip('Z+-0') else '+0000 UTC'}"


_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys(("-0", "-0.0"), -0.0),
}
_NUMERIC = frozenset("0123456789+-.")
_HINTS = frozenset("yYnNtTfFoO~") | _NUMERIC
_POINT_FIRST = regex(r"\.[0-9]+([eE][-+]?[0-9]+)?")
_FLOAT = regex(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INTEGER = regex(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_BASES = (16, 2, 8, 10)
_LONGEST = 80
"""Most characters of a number: 64 bits need fewer, and Python refuses to convert thousands of digits."""
_DATE = regex(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"(?:[Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})"
    r"| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?)?"
)


def resolve(text: str) -> Any:
    """The value of a plain scalar: None, bool, int, float, `Timestamp` or the text itself."""
    if text and text[0] not in _HINTS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first not in _NUMERIC:
        return text
    if first == ".":
        return _finite(text, text) if _POINT_FIRST.fullmatch(text) else text
    if _DATE.fullmatch(text) and _is_date(text):
        return Timestamp(text)
    return number(text.replace("_", ""), text)


def _is_date(text: str) -> bool:
    """Whether day and time of day exist."""
    year, month, day, *clock = map(int, _DIGITS.findall(text)[:6])
    if not 1 <= month <= 12 or day < 1:
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = 29 if leap and month == 2 else _DAYS[month - 1]
    return day <= longest and all(part < limit for part, limit in zip(clock, (24, 60, 60), strict=False))


_DIGITS = regex("[0-9]+")
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def number(plain: str, text: str) -> Any:
    """`plain` as an integer of 64 bits or a float; `text` if it is neither."""
    found = _INTEGER.fullmatch(plain)
    if found:
        sign, *digits = found.groups()
        for base, part in zip(_BASES, digits, strict=True):
            if part is not None and len(part) <= _LONGEST:
                value = int(sign + part, base)
                if -(1 << 63) <= value < 1 << 64:
                    return value
    return _finite(plain, text) if _FLOAT.fullmatch(plain) else text


def _finite(plain: str, text: str) -> Any:
    """`plain` as a float; `text` if it is too large for 64 bits."""
    value = float(plain)
    return text if math.isinf(value) else value


_ZONE = regex(r"(.*?)(Z|[-+][0-9]{2}:[0-9]{2})?")
_TAG = "tag:yaml.org,2002:"


def _integer(text: str) -> Any:
    value = resolve(text)
    if type(value) is int:
        return value
    raise ValueError(f"cannot decode `{text}` as an integer")


def _float(text: str) -> Any:
    value = resolve(text)
    if type(value) in (int, float):
        return float(value)
    raise ValueError(f"cannot decode `{text}` as a float")


def _boolean(text: str) -> Any:
    value = resolve(text)
    if type(value) is bool:
        return value
    raise ValueError(f"cannot decode `{text}` as a boolean")


def _timestamp(text: str) -> Any:
    value = resolve(text)
    if type(value) is Timestamp:
        return value
    raise ValueError(f"cannot decode `{text}` as a date")


def _null(text: str) -> Any:
    if resolve(text) is None:
        return None
    raise ValueError(f"cannot decode `{text}` as null")


def _binary(text: str) -> Any:
    try:
        return binascii.a2b_base64(text).decode("utf-8", "replace")
    except binascii.Error as error:
        raise ValueError("the !!binary value is not valid base64") from error


_TAGGED: dict[str, Callable[[str], Any]] = {
    _TAG + "str": str,
    _TAG + "int": _integer,
    _TAG + "float": _float,
    _TAG + "bool": _boolean,
    _TAG + "null": _null,
    _TAG + "timestamp": _timestamp,
    _TAG + "binary": _binary,
}


def tagged(tag: str, text: str) -> Any:
    """The value of a scalar with an explicit tag; an unknown tag leaves text. ValueError if it does not fit."""
    return _TAGGED.get(tag, str)(text)


_TRUE = frozenset(("true", "y", "yes", "on"))


_FALSE = frozenset(("false", "n", "no", "off"))


_INT64 = range(-(1 << 63), 1 << 63)


def integer(text: str) -> int:
    """A decimal integer of 64 bits; ValueError otherwise."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 40 or int(text) not in _INT64:
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def literal(text: str) -> int:
    """A natural number of 32 bits as Go writes it: `077` and `0o77` are octal, `77` is not. ValueError otherwise."""
    found = _LITERAL.fullmatch(text)
    value = number(text.replace("_", ""), text) if found and len(text) <= _LONGEST else None
    if type(value) is not int or value >= 1 << 32:
        raise ValueError(f"{text!r} is not a whole number of 32 bits")
    return value


_LITERAL = regex(r"0[xX](_?[0-9a-fA-F])+|0[bB](_?[01])+|0[oO]?(_?[0-7])+|0|[1-9](_?[0-9])*")


def fraction(text: str) -> float:
    """A decimal fraction; ValueError otherwise."""
    if not text.isascii() or text != text.strip() or "_" in text:
        raise ValueError(f"{text!r} is not a number")
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None


def boolean(text: str) -> bool:
    """A boolean word of YAML 1.1; ValueError otherwise."""
    word = text.lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError(f"{text!r} is not a boolean: write true or false")
