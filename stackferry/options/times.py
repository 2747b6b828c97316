"""Parses points in time in docker's options: `42m`, `2013-01-02T13:23:37Z`, seconds since the epoch."""

from datetime import datetime

from stackferry.grammar.diagnostics import StackferryError


def point_in_time(text: str | None, now: float) -> float:
    """Seconds since the epoch; 0.0 without a text. Raises StackferryError."""
    if not text:
        return 0.0
    try:
        return float(text)
    except ValueError:
        pass
    if text[:4].isdigit() and text[4:5] == "-":
        try:
            found = datetime.fromisoformat(text)
        except ValueError as error:
            raise StackferryError(
                f"{text!r} is not a time", "write 2013-01-02T13:23:37Z, or 42m for 42 minutes ago"
            ) from error
        # Without a zone, docker uses the machine's.
        return found.timestamp()
    return now - seconds(text)


def seconds(text: str) -> float:
    """A duration in Go's notation as seconds: `1h30m`, `500ms`. Raises StackferryError."""
    from stackferry.grammar.compose.syntax.quantities import duration

    try:
        return duration(text).seconds
    except ValueError as error:
        raise StackferryError(f"{text!r} is not a duration", "write 42m, 1h30m, 10s, 500ms") from error
