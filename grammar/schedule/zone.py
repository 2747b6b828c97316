"""Time zones by name, as in Go's time.LoadLocation, and conversions of times.

zoneinfo reads the system's data (`/usr/share/zoneinfo`), as Go and Kubernetes do. If the system has none, it uses
the PyPI package `tzdata`, which comes with Stackferry on Windows and can be installed anywhere; the message says so.
"""

import zoneinfo
from datetime import UTC, date, datetime, timedelta, tzinfo
from posixpath import normpath

from stackferry.grammar.schedule.error import ScheduleError
from stackferry.grammar.schedule.words import Word
from stackferry.grammar.suggest import closest

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_DAY = 86_400


def zone(name: Word, *, in_timezone: bool = False) -> tzinfo | None:
    """The zone of that name; None for `Local`, which is the zone of the scheduler's own times.

    An empty name is UTC, as in Go. Raises `ScheduleError`.
    """
    if name.text in ("", "UTC"):
        return UTC
    if name.text == "Local":
        return None
    found = _found(name.text)
    if found is None:
        raise ScheduleError(
            f"unknown time zone {name.text[:60]!r}", name.column, _remedy(name.text), in_timezone=in_timezone
        )
    return found


def _found(name: str) -> tzinfo | None:
    if ".." in name or name[0] in "/\\" or name[-1] == "/" or "\0" in name:
        return None
    try:
        return zoneinfo.ZoneInfo(normpath(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        # A directory (Europe) or some other file (zone.tab) is no zone either.
        return None


def _remedy(name: str) -> str:
    known = zoneinfo.available_timezones()
    if not known:
        return "this machine has no time zone data: install the system package tzdata, or run `pip install tzdata`"
    close = closest(name, known) or closest(name, {one.rpartition("/")[2] for one in known})
    full = min((one for one in known if one == close or one.endswith(f"/{close}")), default="", key=len)
    return f"write {full}" if full else "write an IANA name, such as Europe/Berlin or UTC"


def moment_at(seconds: int, zone: tzinfo) -> datetime:
    """The datetime so many seconds after 1970 (UTC), in a zone."""
    return (_EPOCH + timedelta(seconds=seconds)).astimezone(zone)


def seconds_at(moment: datetime) -> int:
    """Whole seconds from 1970 (UTC) to an aware datetime, rounded down."""
    return (moment - _EPOCH) // timedelta(seconds=1)


def _offset(seconds: int, zone: tzinfo) -> int:
    return (moment_at(seconds, zone).utcoffset() or timedelta()) // timedelta(seconds=1)


def date_in(zone: tzinfo, year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """The datetime of a wall-clock time, as Go's time.Date: days may overflow, and at clock changes it guesses.

    A skipped time becomes one that is an hour earlier or later: offsets can only be looked up for UTC times, so
    it first takes the offset in force at the time read as UTC, then the offset in force at the result.
    """
    years, month = divmod(month - 1, 12)
    days = date(year + years, month + 1, 1).toordinal() - _EPOCH_DAY + day - 1
    local = days * _DAY + hour * 3600 + minute * 60 + second
    utc = local - _offset(local, zone)
    return moment_at(local - _offset(utc, zone), zone)
