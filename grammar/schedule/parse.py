"""Parses a cron line to a `Schedule`. Accepts and refuses what robfig/cron v3's ParseStandard does."""

from datetime import tzinfo

from stackferry.grammar.schedule.cron import Calendar, Interval, Schedule
from stackferry.grammar.schedule.duration import nanoseconds
from stackferry.grammar.schedule.error import ScheduleError
from stackferry.grammar.schedule.field import KINDS, field
from stackferry.grammar.schedule.words import Word, trimmed, words
from stackferry.grammar.schedule.zone import zone
from stackferry.grammar.suggest import closest

_FIELDS = "minute, hour, day of month, month, day of week"
_NAMED = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_EVERY = "@every "
_SECOND = 10**9


def parse(text: str, timezone: str = "") -> Schedule:
    """A parsed cron line, in an IANA time zone; without `timezone`, in the zone of the datetimes passed to it.

    The zone may be in the line instead (`CRON_TZ=Asia/Tokyo 0 5 * * *`, `TZ=`), which Kubernetes parses but no
    longer accepts: `names_zone` tells. Raises `ScheduleError`.
    """
    line = Word(text, 1)
    if not text:
        raise ScheduleError("the line is empty", 1, f"write five fields ({_FIELDS}), or @daily")
    clock: tzinfo | None = zone(Word(timezone, 1), in_timezone=True) if timezone else None
    names_zone = text.startswith(("TZ=", "CRON_TZ="))
    if names_zone:
        line, clock = _zoned(line, timezone)
    return Schedule(text, timezone, _rule(line, clock), names_zone)


def problems(text: str, timezone: str = "") -> list[ScheduleError]:
    """All errors in a line and its time zone; empty if `parse` accepts them."""
    found = [error for one in ((text, ""), ("@daily", timezone)) if (error := _problem(*one)) is not None]
    both = None if found else _problem(text, timezone)
    return [*found, *([both] if both is not None else ())]


def _problem(text: str, timezone: str) -> ScheduleError | None:
    try:
        parse(text, timezone)
    except ScheduleError as error:
        return error
    return None


def _zoned(line: Word, timezone: str) -> tuple[Word, tzinfo | None]:
    sign, space = line.text.index("="), line.text.find(" ")
    if space < 0:
        raise ScheduleError("no schedule after the time zone", len(line.text), "write a space and five fields after it")
    clock = zone(line.part(sign + 1, space))
    if timezone:
        hint = "remove it here: Kubernetes does not accept a time zone in the schedule"
        raise ScheduleError(f"the time zone is already set in `timezone` ({timezone})", 1, hint)
    return trimmed(line.part(space)), clock


def _rule(line: Word, clock: tzinfo | None) -> Calendar | Interval:
    if not line.text.startswith("@"):
        return _calendar(line, clock)
    if line.text in _NAMED:
        return _calendar(Word(_NAMED[line.text], 1), clock)
    if line.text.startswith(_EVERY):
        return _interval(line.part(len(_EVERY)))
    raise ScheduleError(f"{line.text[:40]!r} is not supported", line.column, _named_hint(line.text))


def _named_hint(text: str) -> str:
    if text.strip().lower() == "@reboot":
        return '@reboot is not supported: make it a service with `restart: "no"`, or write when it should run'
    if text.lower().startswith("@every"):
        return "write @every, a space and a duration, as in @every 1h30m"
    close = closest(text.strip(), _NAMED)
    return f"write {close}" if close else f"write one of {', '.join(_NAMED)}, @every 1h30m, or five fields"


def _interval(word: Word) -> Interval:
    try:
        length = nanoseconds(word.text)
    except ValueError as error:
        hint = "write it as 30s, 15m or 1h30m"
        raise ScheduleError(f"{word.text[:40]!r} is not a duration", word.column + error.args[0], hint) from None
    return Interval(max(length, _SECOND) // _SECOND)


def _calendar(line: Word, clock: tzinfo | None) -> Calendar:
    found = words(line)
    if len(found) != len(KINDS):
        raise _miscounted(line, found)
    minute, hour, day, month, weekday = (field(word, kind) for word, kind in zip(found, KINDS, strict=True))
    return Calendar(minute, hour, day, month, weekday, clock)


def _miscounted(line: Word, found: list[Word]) -> ScheduleError:
    problem = f"expected five fields ({_FIELDS}), got {len(found)}"
    if len(found) < len(KINDS):
        column = found[-1].column + len(found[-1].text) - 1 if found else line.column
        missing = KINDS[len(found)].name
        return ScheduleError(problem, column, f"add the {missing} and the fields after it, with * for any")
    if len(found) == len(KINDS) + 1:
        without = " ".join(word.text for word in found[1:])
        return ScheduleError(
            problem, found[0].column, f"remove the seconds, which Kubernetes does not support: {without}"
        )
    return ScheduleError(
        problem, found[len(KINDS)].column, "end the line here: the command does not belong in the schedule"
    )
