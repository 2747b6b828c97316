"""Text to quantities: durations, sizes and file modes as Docker's libraries read them.

Used by the typing phase (`compose/phases/typed.py`). All raise ValueError with a sentence for the user.
"""

import math
import re

from stackferry.grammar.compose.syntax.units import Bytes, Duration, FileMode
from stackferry.grammar.compose.tree.scalars import fraction
from stackferry.grammar.regex import regex

_NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
    "d": 86_400_000_000_000,
    "w": 604_800_000_000_000,
}
_DURATION = regex(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([^0-9.]+)")
_LONGEST = (1 << 63) - 1
_LONGEST_TEXT = 200


def duration(text: str) -> Duration:
    """`1m30s`, `1.5h`, `2w`; a bare number has no unit and is refused, except 0."""
    sign = -1 if text[:1] == "-" else 1
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return Duration(0)
    total, end = 0, 0
    for found in _DURATION.finditer(rest[: _LONGEST_TEXT + 1]):
        if found.start() != end or found[2] not in _NANOSECONDS:
            break
        unit = _NANOSECONDS[found[2]]
        whole, _, decimals = found[1].partition(".")
        total += int(whole or 0) * unit
        if decimals:
            total += int(int(decimals) * (unit / 10 ** len(decimals)))
        end = found.end()
    if not rest or len(rest) > _LONGEST_TEXT or end != len(rest) or total > _LONGEST:
        bare = rest.replace(".", "", 1).isdigit()
        advice = f"add a unit: {rest}s" if bare else "write it as 30s, 1m30s or 1.5h"
        raise ValueError(f"invalid duration {text!r}: {advice}")
    return Duration(sign * total)


_POWERS = {"k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_PLAIN = regex(r"[-+]?[0-9]{1,19}")
_SIZE = regex(r"(.*[0-9.])( ?)([^0-9. ]*)", re.DOTALL)


def size(text: str) -> Bytes:
    """`64m`, `1.5GiB`, `1024`: powers of 1024 whatever the suffix says; only a bare number may be negative."""
    problem = f"invalid size {text!r}: write it as 512m, 1g or a number of bytes"
    if _PLAIN.fullmatch(text) and abs(int(text)) <= _LONGEST:
        return Bytes(int(text))
    found = _SIZE.fullmatch(text)
    if not found:
        raise ValueError(problem)
    try:
        amount = fraction(found[1])
    except ValueError:
        raise ValueError(problem) from None
    suffix = found[3].lower()
    if amount < 0 or (suffix and not re.fullmatch(r"b|[kmgtp](i?b)?", suffix)):
        raise ValueError(problem)
    amount *= 1024 ** _POWERS.get(suffix[:1], 0)
    if not math.isfinite(amount):
        raise ValueError(problem)
    return Bytes(int(amount))


def file_mode(text: str) -> FileMode:
    """Octal digits: `0444`."""
    if not re.fullmatch(r"[-+]?[0-7]+", text):
        raise ValueError(f"invalid mode {text!r}: write octal digits, such as 0444")
    return FileMode(int(text, 8))
