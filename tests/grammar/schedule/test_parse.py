"""Invalid cron lines: where the error is, what it is, and the correction. `tests/cron` tests which are refused."""

import zoneinfo

import pytest

from stackferry.grammar.schedule import ScheduleError, parse

WRONG = {
    # line: (column, words of the problem, words of the hint)
    "": (1, "empty", "@daily"),
    "   ": (1, "got 0", "minute"),
    "* * * *": (7, "got 4", "add the day of week"),
    "0 30 2 * * *": (1, "got 6", "remove the seconds, which Kubernetes does not support: 30 2 * * *"),
    "0 2 * * * root backup": (11, "got 7", "the command"),
    "60 * * * *": (1, "60 is too large: minute is 0 to 59", "0-59"),
    "0 24 * * *": (3, "24 is too large: hour is 0 to 23", "write 0 for midnight"),
    "0 9-24 * * *": (5, "24 is too large", "midnight"),
    "0 0 0 * *": (5, "0 is too small: day of month is 1 to 31", "from 1 on"),
    "0 0 * 13 *": (7, "13 is too large: month", "JAN to DEC"),
    "0 0 * * 7": (9, "7 is too large: day of week is 0 to 6", "for Sunday"),
    "0 0 * * 1,5-7": (13, "7 is too large", "for Sunday"),
    "0 22-6 * * *": (3, "the range 22-6 ends before it starts", "22-23,0-6"),
    "0 0 * * FRI-MON": (9, "ends before it starts", "5-6,0-1"),
    "0 0 * * monday": (9, "monday is not a name", "write MON"),
    "0 0 * january *": (7, "january is not a name", "write JAN"),
    "0 0 L * *": (5, "L is not supported", "Quartz"),
    "0 0 * * 5#2": (9, "5#2 is not supported", "Quartz"),
    "0 0 15W * *": (5, "15W is not supported", "Quartz"),
    "*/0 * * * *": (3, "a step cannot be 0", "*/5"),
    "*/5/2 * * * *": (4, "one slash", "10-30/5"),
    "*/ * * * *": (3, "a number is missing", "*/5"),
    "1-2-3 * * * *": (4, "one hyphen", "0-59"),
    "-5 * * * *": (1, "a number is missing", "0-59"),
    "a * * * *": (1, "'a' is not a number", "0 to 59"),
    "0 99999999999999999999 * * *": (3, "out of range", "0 to 23"),
    "@dayly": (1, "not supported", "write @daily"),
    "@DAILY": (1, "not supported", "write @daily"),
    "@reboot": (1, "not supported", "service"),
    "@every": (1, "not supported", "@every 1h30m"),
    "@every 5": (8, "not a duration", "30s"),
    "@every 1h 30m": (9, "not a duration", "1h30m"),
    "@every 1d": (9, "not a duration", "1h30m"),
    "TZ=UTC": (6, "no schedule after", "five fields"),
    "TZ=Europe/Berln 0 0 * * *": (4, "unknown time zone 'Europe/Berln'", "write Europe/Berlin"),
    "CRON_TZ=Asia/Tokyo 0 25 * * *": (22, "25 is too large", "midnight"),
}


@pytest.mark.parametrize("line", WRONG)
def test_a_mistake_has_a_place_and_a_remedy(line):
    column, problem, hint = WRONG[line]

    with pytest.raises(ScheduleError) as raised:
        parse(line)

    assert (raised.value.column, str(raised.value)) == (column, f"cron, column {column}: {raised.value.problem}")
    assert problem in raised.value.problem
    assert hint in raised.value.hint


@pytest.mark.parametrize(
    ("timezone", "hint"),
    [
        ("europe/berlin", "write Europe/Berlin"),
        ("Berlin", "write Europe/Berlin"),
        ("Europe", "write "),
        ("zone.tab", "IANA"),
        ("../UTC", "write "),
        ("+02:00", "IANA"),
    ],
)
def test_a_time_zone_that_is_none(timezone, hint):
    with pytest.raises(ScheduleError, match=r"^timezone, column 1: unknown time zone") as raised:
        parse("@daily", timezone)

    assert raised.value.in_timezone
    assert hint in raised.value.hint


def test_a_time_zone_in_both_places():
    with pytest.raises(ScheduleError, match=r"cron, column 1: the time zone is already set in `timezone`"):
        parse("TZ=UTC @daily", "Europe/Berlin")


def test_a_machine_without_time_zones_is_told_what_to_install(monkeypatch):
    def nothing(key):
        raise zoneinfo.ZoneInfoNotFoundError(key)

    monkeypatch.setattr(zoneinfo, "ZoneInfo", nothing)
    monkeypatch.setattr(zoneinfo, "available_timezones", set)

    with pytest.raises(ScheduleError) as raised:
        parse("@daily", "Europe/Berlin")

    assert "pip install tzdata" in raised.value.hint
    assert parse("@daily", "UTC").rule == parse("TZ=UTC 0 0 * * *").rule


def test_a_line_remembers_whether_it_names_its_zone():
    assert not parse("@daily", "Europe/Berlin").names_zone
    assert parse("CRON_TZ=Europe/Berlin @daily").names_zone
