"""Kubernetes quantities, exact: bytes as `512Mi`, CPUs as `500m`, durations as whole seconds."""

import re
from decimal import ROUND_CEILING, Decimal

from stackferry.grammar.compose.syntax.units import Duration
from stackferry.grammar.regex import regex

_BINARY = ((1 << 40, "Ti"), (1 << 30, "Gi"), (1 << 20, "Mi"), (1 << 10, "Ki"))
_DOCKER_SIZE = regex(r"(\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?", re.IGNORECASE)
_POWER = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}


def memory(size: int) -> str:
    """Bytes in the largest binary unit that divides them, else the plain number."""
    for unit, suffix in _BINARY:
        if size and size % unit == 0:
            return f"{size // unit}{suffix}"
    return str(int(size))


def millicores(cpus: Decimal) -> int:
    """CPUs in thousandths, rounded up: Kubernetes has no finer unit, and 0 would mean no limit."""
    return max(1, int((cpus * 1000).to_integral_value(ROUND_CEILING)))


def cpu(milli: int) -> str:
    """Thousandths of a CPU: `500m`, or `2` for whole CPUs."""
    return str(milli // 1000) if milli % 1000 == 0 else f"{milli}m"


def whole_seconds(duration: Duration, least: int = 1) -> int:
    """Seconds, rounded up: Kubernetes takes no fractions, and a positive duration must not become zero."""
    return max(least, -(-int(duration) // 1_000_000_000))


def docker_size(text: str) -> int | None:
    """Bytes of a size in Docker's syntax (`64m`, `1g`, binary units); None if it is not a size."""
    match = _DOCKER_SIZE.fullmatch(text.strip())
    if match is None:
        return None
    return int(Decimal(match[1]) * 1024 ** _POWER[match[2].lower()])
