"""Searches for the next match of five cron fields: months first, then days, hours, minutes. Called by `cron.py`.

Differing from Kubernetes by an hour twice a year would be worse than sharing its oddities. So this follows
robfig/cron v3 (SpecSchedule.Next) step by step; its arithmetic at clock changes affects the result.
"""

from datetime import datetime, tzinfo
from typing import Protocol

from stackferry.grammar.schedule.field import Field
from stackferry.grammar.schedule.zone import date_in, moment_at, seconds_at

YEARS = 5
"""How many years the search goes ahead."""
_MINUTE, _HOUR = 60, 3600


class Fields(Protocol):
    """The fields to match."""

    @property
    def minute(self) -> Field: ...  # noqa: D102
    @property
    def hour(self) -> Field: ...  # noqa: D102
    @property
    def month(self) -> Field: ...  # noqa: D102
    def has_day(self, moment: datetime) -> bool: ...  # noqa: D102


class Search:
    """One search, from `start` (seconds since 1970) on, inclusive."""

    def __init__(self, fields: Fields, zone: tzinfo, start: int) -> None:
        self.fields = fields
        self.zone = zone
        self.at = moment_at(start, zone)
        self.moved = False

    def found(self) -> datetime | None:
        """The match; None if it is more than five years ahead."""
        if not self.fields.minute.matching or not self.fields.hour.matching:
            # The field has only commas. The steps below would walk through five years to find that out.
            return None
        last = self.at.year + YEARS
        while self.at.year <= last:
            # Each step returns true if it carried into the next larger unit, which then has to be checked again.
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
            # A skipped midnight has become 23:00 or 01:00.
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
            # Not `found > at`: within one zone Python compares wall-clock times.
            if seconds_at(found) > seconds_at(at):
                return found
            # A zone may skip a whole day (Samoa, 30 December 2011): robfig/cron loops forever here.
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
            # Second by second only if the zone's offset has seconds, as old offsets do: clock changes may lie in
            # between.
            even = seconds_at(self.at) % _MINUTE == self.at.second
            self._add(_MINUTE - self.at.second if even else 1)
            if self.at.second == 0:
                return True
        return False

    def _begin(self, year: int, month: int, day: int, hour: int = 0) -> None:
        """Go back to the beginning of a unit, once: the match is later than the start of the search."""
        self.moved = True
        self.at = date_in(self.zone, year, month, day, hour)

    def _add(self, seconds: int) -> None:
        self.at = moment_at(seconds_at(self.at) + seconds, self.zone)
