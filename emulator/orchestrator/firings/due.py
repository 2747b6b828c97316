"""Which moments of a schedule are due: the last one, and how many came before. Called by `decide.py`."""

from datetime import datetime, tzinfo

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.schedule import Interval, Schedule

_MOST = 1000
"""The most moments that are counted one by one: after a year away, nobody needs the exact number of minutes."""
_HOUR, _DAY = 3600, 86_400
_SPANS = (_HOUR, _DAY, 32 * _DAY, 6 * 366 * _DAY)


@dataclass(frozen=True, slots=True)
class Due:
    """The moments of a schedule that have come, in seconds since 1970.

    `count` is their number; a lower bound if it is not `exact`.
    """

    first: int
    last: int
    count: int
    exact: bool = True


def due(schedule: Schedule, since: int, now: int, zone: tzinfo) -> Due | None:
    """The moments after `since`, up to now; None if there are none. `zone`: for schedules that name none."""
    if isinstance(schedule.rule, Interval):
        length = schedule.rule.seconds
        count = (now - since) // length
        return Due(since + length, since + count * length, count) if count > 0 else None
    first = following(schedule, since, zone)
    if first is None or first > now:
        return None
    last, count = _last(schedule, first, now, _MOST, zone)
    if count < _MOST:
        return Due(first, last, count)
    return Due(first, _recent(schedule, last, now, zone), count, exact=False)


def following(schedule: Schedule, since: int, zone: tzinfo) -> int | None:
    """The first moment after `since`, both in seconds since 1970."""
    found = schedule.next(datetime.fromtimestamp(since, zone))
    return None if found is None else int(found.timestamp())


def _last(schedule: Schedule, first: int, now: int, most: int, zone: tzinfo) -> tuple[int, int]:
    last, count = first, 1
    while count < most and (found := following(schedule, last, zone)) is not None and found <= now:
        last, count = found, count + 1
    return last, count


def _recent(schedule: Schedule, known: int, now: int, zone: tzinfo) -> int:
    """The last moment up to now, found by looking back over longer and longer spans; at least the known one."""
    for span in _SPANS:
        first = following(schedule, max(known, now - span), zone)
        if first is not None and first <= now:
            return _last(schedule, first, now, span, zone)[0]
    return known
