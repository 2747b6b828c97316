"""Parsed cron lines, as frozen values, and the times at which they fire.

`parse.py` makes them; the code that starts jobs, or tells when one will start, uses them.
"""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.schedule.field import Field
from stackferry.grammar.schedule.search import Search
from stackferry.grammar.schedule.zone import moment_at, seconds_at


def _zone_of(moment: datetime) -> tzinfo:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.tzinfo


@dataclass(frozen=True, slots=True)
class Interval:
    """`@every 1h30m`: whole seconds from one start to the next, from any beginning."""

    seconds: int

    def next(self, after: datetime) -> datetime | None:
        """The time this many seconds after an aware datetime, in its zone; None beyond the year 9999."""
        own = _zone_of(after)
        try:
            return moment_at(seconds_at(after) + self.seconds, own)
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Five fields and their time zone; None: the zone of the datetime passed to `next`."""

    minute: Field
    hour: Field
    day: Field
    month: Field
    weekday: Field
    zone: tzinfo | None = None

    def next(self, after: datetime) -> datetime | None:
        """The first match after an aware datetime, in its zone; None if there is none within five years.

        Local times that are skipped when the clock goes forward do not occur; an hour that occurs twice when it
        goes back
        matches twice (robfig/cron v3).
        """
        own = _zone_of(after)
        try:
            found = Search(self, self.zone or own, seconds_at(after) + 1).found()
            return None if found is None else moment_at(seconds_at(found), own)
        except (OverflowError, ValueError):
            # Python's calendar ends with the year 9999.
            return None

    def has_day(self, moment: datetime) -> bool:
        """Whether the two day fields match a day: both must if one of them is a star, else one is enough."""
        day = moment.day in self.day
        weekday = moment.isoweekday() % 7 in self.weekday
        return (day and weekday) if self.day.star or self.weekday.star else (day or weekday)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cron line: its text, when it fires, and whether the line itself names a zone (`CRON_TZ=`)."""

    text: str
    timezone: str
    rule: Calendar | Interval
    names_zone: bool = False

    def next(self, after: datetime) -> datetime | None:
        """The first match strictly after an aware datetime, in its zone, on a whole second; None if there is none."""
        return self.rule.next(after)

    def moments(self, after: datetime) -> Iterator[datetime]:
        """All matches after an aware datetime, in order."""
        found = self.next(after)
        while found is not None:
            yield found
            found = self.next(found)
