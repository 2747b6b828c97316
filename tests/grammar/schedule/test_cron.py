"""Times of cron lines: properties of any line, checked by trying every minute, and some frequent questions."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.schedule import Calendar, parse

MINUTE = timedelta(minutes=1)
YEARS = {year: datetime.fromisoformat(f"{year}-01-01") for year in (1975, 2015, 2035, 2080)}
"""Without a zone, as hypothesis wants them."""
ENDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))


def fields():
    def field(least, most):
        number = st.integers(least, most)
        span = st.tuples(number, number).map(lambda ends: f"{min(ends)}-{max(ends)}")
        step = st.tuples(st.one_of(span, st.just("*")), st.integers(1, 20)).map(lambda two: f"{two[0]}/{two[1]}")
        return st.one_of(
            st.just("*"), st.lists(st.one_of(number.map(str), span, step), min_size=1, max_size=3).map(",".join)
        )

    return st.tuples(*(field(*ends) for ends in ENDS)).map(" ".join)


def takes(rule: Calendar, moment: datetime) -> bool:
    return (
        moment.minute in rule.minute
        and moment.hour in rule.hour
        and moment.month in rule.month
        and rule.has_day(moment)
    )


@given(fields(), st.datetimes(YEARS[1975], YEARS[2080]))
def test_the_next_moment_is_the_first_minute_that_matches(line, start):
    schedule = parse(line)
    assert isinstance(schedule.rule, Calendar)
    after = start.replace(tzinfo=UTC)
    found = schedule.next(after)
    minute = after.replace(second=0, microsecond=0) + MINUTE
    # A day and a half, minute by minute: months of them would show no more.
    for _ in range(2000):
        if takes(schedule.rule, minute):
            assert found == minute
            return
        minute += MINUTE
    assert found is None or (found >= minute and takes(schedule.rule, found))


@given(
    fields(),
    st.datetimes(YEARS[2015], YEARS[2035]),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata"]),
)
def test_moments_go_forward_and_are_of_the_line(line, start, zone):
    schedule = parse(line, zone)
    assert isinstance(schedule.rule, Calendar)
    before = start.replace(tzinfo=UTC)
    for moment in islice(schedule.moments(before), 5):
        assert moment > before
        assert moment.tzinfo is UTC
        assert takes(schedule.rule, moment.astimezone(ZoneInfo(zone)))
        before = moment


def texts(line: str, zone: str, after: str, count: int = 3) -> list[str]:
    start = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone))
    return [one.isoformat(timespec="minutes") for one in islice(parse(line, zone).moments(start), count)]


def test_an_hour_that_the_clock_leaves_out_does_not_occur():
    assert texts("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", 2) == [
        "2026-03-30T02:30+02:00",
        "2026-03-31T02:30+02:00",
    ]


def test_an_hour_that_occurs_twice_matches_twice():
    assert texts("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00") == [
        "2026-10-25T02:30+02:00",
        "2026-10-25T02:30+01:00",
        "2026-10-26T02:30+01:00",
    ]


def test_leap_days():
    assert texts("0 0 29 2 *", "UTC", "2026-01-01T00:00", 2) == ["2028-02-29T00:00+00:00", "2032-02-29T00:00+00:00"]
    assert texts("0 0 29 2 *", "UTC", "2096-03-01T00:00") == [], "2104 is more than five years ahead"


@pytest.mark.parametrize("line", ["0 0 30 2 *", "0 0 31 4,6,9,11 *", ", * * * *", "* , * * *", "* * * , *"])
def test_a_date_that_never_comes(line):
    assert texts(line, "Europe/Berlin", "2026-01-01T00:00") == []


def test_both_day_fields():
    either = texts("0 0 13 * FRI", "UTC", "2026-02-01T00:00", 3)
    both = texts("0 0 */1 * FRI", "UTC", "2026-02-01T00:00", 2)

    assert [one[:10] for one in either] == ["2026-02-06", "2026-02-13", "2026-02-20"]
    assert [one[:10] for one in both] == ["2026-02-06", "2026-02-13"]


def test_intervals_count_what_lasts():
    """Over a change of the clock, too."""
    assert texts("@every 90m", "Europe/Berlin", "2026-03-29T01:00", 2) == [
        "2026-03-29T03:30+02:00",
        "2026-03-29T05:00+02:00",
    ]


def test_without_a_zone_the_moment_given_decides():
    tokyo = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo("Asia/Tokyo"))

    assert parse("0 5 * * *").next(tokyo) == datetime(2026, 1, 1, 20, tzinfo=UTC)
    assert parse("0 5 * * *", "UTC").next(tokyo) == datetime(2026, 1, 1, 5, tzinfo=UTC)
    with pytest.raises(ValueError, match="without a time zone"):
        parse("@every 5s").next(YEARS[2015])


def test_the_end_of_pythons_calendar():
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

    assert parse("0 0 1 1 *").next(last) is None
    assert parse("@every 1h").next(last) is None
