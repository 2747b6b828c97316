"""Durations and times as docker prints them: `3 seconds`, `About a minute`, `1m30s`, `2026-01-02T03:04:05.5Z`."""

from datetime import UTC, datetime

_MINUTE, _HOUR, _DAY = 60, 3600, 24


def human(seconds: float) -> str:
    """A rough duration in words (docker go-units duration.go)."""
    whole, minutes, hours = int(seconds), int(seconds / _MINUTE), int(seconds / _HOUR + 0.5)
    steps = (
        (whole < 1, "Less than a second"),
        (whole == 1, "1 second"),
        (whole < _MINUTE, f"{whole} seconds"),
        (minutes == 1, "About a minute"),
        (minutes < _MINUTE, f"{minutes} minutes"),
        (hours == 1, "About an hour"),
        (hours < 2 * _DAY, f"{hours} hours"),
        (hours < 14 * _DAY, f"{hours // _DAY} days"),
        (hours < 60 * _DAY, f"{hours // _DAY // 7} weeks"),
        (hours < 730 * _DAY, f"{hours // _DAY // 30} months"),
        (True, f"{int(seconds / _HOUR) // _DAY // 365} years"),
    )
    return next(text for holds, text in steps if holds)


def exact(seconds: float) -> str:
    """A duration as Go writes it: `0s`, `500ms`, `1m30s`, `2h0m0s`."""
    if seconds < 0:
        return f"-{exact(-seconds)}"
    nanoseconds = round(seconds * 1e9)
    if 0 < nanoseconds < 1_000_000_000:
        unit, name = next(
            (
                (size, name)
                for size, name in ((1, "ns"), (1_000, "µs"), (1_000_000, "ms"))
                if nanoseconds < size * 1_000
            ),
        )
        return f"{_decimal(nanoseconds, unit)}{name}"
    whole, rest = divmod(nanoseconds, 60 * 1_000_000_000)
    hours, minutes = divmod(whole, 60)
    tail = f"{_decimal(rest, 1_000_000_000)}s"
    return f"{hours}h{minutes}m{tail}" if hours else f"{minutes}m{tail}" if minutes else tail


def _decimal(value: int, unit: int) -> str:
    whole, rest = divmod(value, unit)
    digits = f"{rest:0{len(str(unit)) - 1}d}".rstrip("0") if unit > 1 else ""
    return f"{whole}.{digits}" if digits else str(whole)


def timestamp(seconds: float) -> str:
    """A date in UTC from seconds since the epoch, with as many decimals of the second as needed."""
    whole, microseconds = divmod(round(seconds * 1_000_000), 1_000_000)
    text = f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}"
    digits = f".{microseconds:06d}".rstrip("0") if microseconds else ""
    return f"{text}{digits}Z"


def go_moment(seconds: float) -> str:
    """A date from seconds since the epoch as Go prints it, for `--pretty` views."""
    whole, microseconds = divmod(round(seconds * 1_000_000), 1_000_000)
    digits = f".{microseconds:06d}".rstrip("0") if microseconds else ""
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%d %H:%M:%S}{digits} +0000 utc"
