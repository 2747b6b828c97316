"""Points in time as docker's options say them: `42m`, `2013-01-02T13:23:37Z`, seconds since the epoch."""

from datetime import datetime

from stackferry.grammar.diagnostics import StackferryError


def point_in_time(text: str | None, now: float) -> float:
    """Seconds since the epoch; 0.0 if nothing is said. Raises StackferryError."""
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
        # Without a zone, docker takes that of the machine.
        return found.timestamp()
    return now - seconds(text)


def seconds(text: str) -> float:
    """A duration as Go reads it: `1h30m`, `500ms`. Raises StackferryError."""
    from stackferry.grammar.compose.syntax.quantities import duration

    try:
        return duration(text).seconds
    except ValueError as error:
        raise StackferryError(f"{text!r} is not a duration", "write 42m, 1h30m, 10s, 500ms") from error
