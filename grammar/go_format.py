"""Numbers and booleans as Go prints them: Docker Compose converts them so where it needs text.

`environment: {RATIO: 1.50}` reaches the container as `1.5`, `{ON: true}` as `true`; source: Go's
`fmt.Sprint` and `strconv.FormatFloat`.
"""

import math
from typing import Any

_EXPONENT_FROM = 6


def sprint(value: Any) -> str:
    """`fmt.Sprint` of a scalar."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if value is None:
        return "<nil>"
    if isinstance(value, float):
        return float_text(value)
    printed = getattr(value, "go_text", None)
    return str(value) if printed is None else str(printed())


def float_text(value: float) -> str:
    """The shortest decimal that parses to the same value; with an exponent below 1e-4 and from 1e6 upwards (`%v`)."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    mantissa, _, exponent = f"{value!r}".partition("e")
    digits = mantissa.lstrip("-").replace(".", "")
    point = len(mantissa.lstrip("-").split(".")[0]) + (int(exponent) if exponent else 0)
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    stripped = stripped.rstrip("0")
    sign = "-" if math.copysign(1, value) < 0 else ""
    if not stripped:
        return sign + "0"
    magnitude = point - 1
    if magnitude < -4 or magnitude >= _EXPONENT_FROM:
        fraction = f".{stripped[1:]}" if len(stripped) > 1 else ""
        return f"{sign}{stripped[0]}{fraction}e{'-' if magnitude < 0 else '+'}{abs(magnitude):02d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{stripped}"
    if len(stripped) <= point:
        return sign + stripped + "0" * (point - len(stripped))
    return f"{sign}{stripped[:point]}.{stripped[point:]}"
