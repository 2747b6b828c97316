"""The duration of `@every 1h30m`, read as Go's time.ParseDuration reads it, to whole nanoseconds."""

import re

from stackferry.grammar.regex import regex

_SIZES = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = regex(r"([0-9]*)(?:\.([0-9]*))?([^.0-9]+)", re.ASCII)
_END = 1 << 63
_EXACT_DIGITS = (_END - 1) // 10


def nanoseconds(text: str) -> int:
    """The duration, which may be negative. Raises `ValueError` with the offset of the mistake, from 0, as argument."""
    at = 1 if text[:1] in ("+", "-") else 0
    negative = text[:1] == "-"
    if text[at:] == "0":
        return 0
    if at == len(text):
        raise ValueError(at)
    total = 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None or not (found[1] or found[2]):
            raise ValueError(at)
        if found[3] not in _SIZES:
            raise ValueError(found.start(3))
        total += _value(found[1], found[2] or "", _SIZES[found[3]], at)
        if total > _END:
            raise ValueError(at)
        at = found.end()
    if total == _END and not negative:
        raise ValueError(0)
    return -total if negative else total


def _value(whole: str, fraction: str, size: int, at: int) -> int:
    value = int(whole[:40] or "0")
    # Leading zeros do not count; more than forty other digits overflow in any case.
    if len(whole) > 40:
        value = int(whole.lstrip("0")[:40] or "0")
    if value > _END // size:
        raise ValueError(at)
    value *= size
    digits, scale = 0, 1.0
    for digit in fraction:
        # Go drops digits that do not fit into 63 bits.
        if digits > _EXACT_DIGITS or digits * 10 + int(digit) > _END:
            break
        digits = digits * 10 + int(digit)
        scale *= 10
    if digits:
        value += int(float(digits) * (float(size) / scale))
    if value > _END:
        raise ValueError(at)
    return value
