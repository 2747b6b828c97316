"""The search for the next moment of five cron fields: months first, then days, hours, minutes. Called by `cron.py`.

A moment that differs from Kubernetes' by an hour twice a year is worse than one that both find odd. So this takes
the very steps of robfig/cron v3 (SpecSchedule.Next), whose arithmetic at changes of the clock is part of the answer.
"""

from datetime import datetime, tzinfo
from typing import Protocol

from stackferry.grammar.schedule.field import Field
from stackferry.grammar.schedule.zone import date_in, moment_at, seconds_at

YEARS = 5
"""How far the search goes."""
_MINUTE, _HOUR = 60, 3600


class Fields(Protocol):
    """What is searched for."""

    @property
    def minute(self) -> Field: ...  # noqa: D102
    @property
    def hour(self) -> Field: ...  # noqa: D102
    @property
    def month(self) -> Field: ...  # noqa: D102
    def has_day(self, moment: datetime) -> bool: ...  # noqa: D102


class Search:
    """One search, from `start` (seconds since 1970) on, that moment included."""

    def __init__(self, fields: Fields, zone: tzinfo, start: int) -> None:
        self.fields = fields
        self.zone = zone
        self.at = moment_at(start, zone)
        self.moved = False

    def found(self) -> datetime | None:
        """The moment; None if it would be more than five years ahead."""
        if not self.fields.minute.matching or not self.fields.hour.matching:
            # A field of commas only. The steps below would walk through five years to find that out.
            return None
        last = self.at.year + YEARS
        while self.at.year <= last:
            # Each says whether it came to the next larger unit, which is then to be looked at again.
            if not (self._month() or self._day() or self._hour() or self._minute() or self._second()):
                return self.at
        return None

    def _month(self) -> bool:
        while self.at.month not in self.fields.month:
            if not self.moved:
                self._begin(self.at.year, self.at.month, 1)
            at = self.at
            self.at = date_in(self.zone, at.year, at.month + 1, at.day, at.hour, at.minute, at.second)
            if self.at.month == 1:
                return True
        return False

    def _day(self) -> bool:
        while not self.fields.has_day(self.at):
            if not self.moved:
                self._begin(self.at.year, self.at.month, self.at.day)
            self.at = self._next_day()
            # A midnight that the clock leaves out has become 23:00 or 01:00.
            if self.at.hour > 12:
                self._add((24 - self.at.hour) * _HOUR)
            elif self.at.hour:
                self._add(-self.at.hour * _HOUR)
            if self.at.day == 1:
                return True
        return False

    def _next_day(self) -> datetime:
        at, days = self.at, 1
        while True:
            found = date_in(self.zone, at.year, at.month, at.day + days, at.hour, at.minute, at.second)
            # Not `found > at`: within one zone Python compares what the clocks show.
            if seconds_at(found) > seconds_at(at):
                return found
            # A whole day that a zone leaves out (Samoa, 30 December 2011): robfig/cron goes round in circles here.
            days += 1

    def _hour(self) -> bool:
        while self.at.hour not in self.fields.hour:
            if not self.moved:
                self._begin(self.at.year, self.at.month, self.at.day, self.at.hour)
            self._add(_HOUR)
            if self.at.hour == 0:
                return True
        return False

    def _minute(self) -> bool:
        while self.at.minute not in self.fields.minute:
            if not self.moved:
                self.moved = True
                self._add(-(seconds_at(self.at) % _MINUTE))
            self._add(_MINUTE)
            if self.at.minute == 0:
                return True
        return False

    def _second(self) -> bool:
        while self.at.second:
            self.moved = True
            # One by one only where a zone was off by seconds, as all were once: their changes may lie in between.
            even = seconds_at(self.at) % _MINUTE == self.at.second
            self._add(_MINUTE - self.at.second if even else 1)
            if self.at.second == 0:
                return True
        return False

    def _begin(self, year: int, month: int, day: int, hour: int = 0) -> None:
        """Go back to the beginning of a unit, once: what is searched for is later than where the search began."""
        self.moved = True
        self.at = date_in(self.zone, year, month, day, hour)

    def _add(self, seconds: int) -> None:
        self.at = moment_at(seconds_at(self.at) + seconds, self.zone)
