"""Parses quantities: durations, sizes, CPUs and file modes as Docker's libraries read them.

Used by the typing phase (`compose/phases/typed.py`), by code that makes specs from a model, and for flags. All raise
ValueError with a sentence for the user.
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
    """`64m`, `1.5GiB`, `1024`: powers of 1024 whatever the suffix; only a bare number may be negative."""
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


_CPUS = regex(r"([-+]?)(?:([0-9]+)/([0-9]+)|([0-9]*)\.?([0-9]*)(?:[eE]([-+]?[0-9]{1,3}))?)")
_LONGEST_CPUS = 100


def nano_cpus(text: str) -> int:
    """Billionths of a CPU: `1.5`, `5e-1` or `3/2`, exactly; a finer number is refused (docker/cli's `opts.ParseCPUs`).

    Negative numbers are accepted; the emulator checks the minimum.
    """
    found = _CPUS.fullmatch(text) if len(text) <= _LONGEST_CPUS else None
    sign, over, under, whole, decimals, exponent = found.groups() if found else ("",) * 6
    digits = over or f"{whole or ''}{decimals or ''}"
    if not digits or (under and not int(under)):
        raise ValueError(f"invalid number of CPUs {text!r}: write it as 0.5 or 2")
    power = 9 + int(exponent or 0) - len(decimals or "")
    amount, rest = divmod(int(digits) * 10 ** max(power, 0), int(under or 1) * 10 ** max(-power, 0))
    if rest:
        raise ValueError(f"invalid number of CPUs {text!r}: it has more than 9 decimals")
    if amount > _LONGEST:
        raise ValueError(f"invalid number of CPUs {text!r}: no machine has so many")
    return int(-amount if sign == "-" else amount)


def file_mode(text: str) -> FileMode:
    """Octal digits: `0444`."""
    if not re.fullmatch(r"[-+]?[0-7]+", text):
        raise ValueError(f"invalid mode {text!r}: write octal digits, such as 0444")
    return FileMode(int(text, 8))
