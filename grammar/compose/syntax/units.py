"""Quantities of the compose model: durations, byte sizes, file modes, fractions of a CPU.

Each is a number with a canonical text, which `docker compose config` prints. The typing
phase (`compose/phases/typed.py`) makes them from the strings of a file; both back ends compute with them.
"""

import struct
from datetime import timedelta
from typing import Self

from stackferry.grammar.compose.tree.scalars import fraction
from stackferry.grammar.go_format import float_text


class Duration(int):
    """A duration in nanoseconds, the unit of Docker's API; `str` is Go's notation (`1m30s`)."""

    __slots__ = ()

    @property
    def seconds(self) -> float:
        """The duration in seconds."""
        return self / 1_000_000_000

    @property
    def timedelta(self) -> timedelta:
        """The duration as a timedelta (to the microsecond)."""
        return timedelta(microseconds=self / 1000)

    def __str__(self) -> str:
        return _go_duration(int(self))


class Bytes(int):
    """A size in bytes; canonical text is the plain number."""

    __slots__ = ()

    def __str__(self) -> str:
        return int.__repr__(self)


class FileMode(int):
    """Permission bits; canonical text is octal with a leading zero (`0444`)."""

    __slots__ = ()

    def __str__(self) -> str:
        sign, bits = ("-", -int(self)) if self < 0 else ("", int(self))
        return f"0{sign}{bits:o}"


class Float32(float):
    """A 32-bit fraction, as in Docker's model of CPUs and ratios."""

    __slots__ = ()

    def __new__(cls, value: float) -> Self:
        """`value`, rounded to 32 bits; infinite if it is too large."""
        try:
            return super().__new__(cls, struct.unpack("f", struct.pack("f", value))[0])
        except OverflowError:
            return super().__new__(cls, float("inf") if value > 0 else float("-inf"))

    def __str__(self) -> str:
        """The shortest decimal that parses to the same 32 bits."""
        for digits in range(1, 10):
            text = f"{float(self):.{digits}g}"
            if Float32(float(text)) == self:
                return float_text(float(text))
        return float_text(float(self))


_UNITS = ((3_600_000_000_000, "h"), (60_000_000_000, "m"))


def _go_duration(nanoseconds: int) -> str:
    """Go's `time.Duration.String`: hours, minutes and seconds with a fraction, or one small unit."""
    if nanoseconds == 0:
        return "0s"
    sign, rest = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    for size, unit in ((1_000, "ns"), (1_000_000, "µs"), (1_000_000_000, "ms")):
        if rest < size:
            return f"{sign}{_decimal(rest, size // 1000)}{unit}"
    text = ""
    for size, unit in _UNITS:
        if rest >= size or text:
            text += f"{rest // size}{unit}"
            rest %= size
    return f"{sign}{text}{_decimal(rest, 1_000_000_000)}s"


def _decimal(value: int, unit: int) -> str:
    """`value / unit` without trailing zeros, exact."""
    whole, fraction = divmod(value, unit)
    if not fraction:
        return str(whole)
    digits = str(fraction).rjust(len(str(unit)) - 1, "0").rstrip("0")
    return f"{whole}.{digits}"


def fraction32(text: str) -> Float32:
    """A decimal fraction, rounded to 32 bits; ValueError otherwise."""
    return Float32(fraction(text))
