"""Cron lines that an API server refuses although they can be parsed."""

import pytest

from stackferry.grammar.schedule.kubernetes import refusal


@pytest.mark.parametrize(("line", "timezone"), [("TZ=UTC @daily", ""), ("CRON_TZ=Asia/Tokyo 0 5 * * *", "")])
def test_a_time_zone_in_the_line(line, timezone):
    assert "use `timezone`" in refusal(line, timezone)


@pytest.mark.parametrize(
    "timezone", ["Local", "local", "./UTC", "Asia//Tokyo", "-x", "America/Argentina_of_long_names"]
)
def test_a_time_zone_that_go_may_load(timezone):
    assert timezone in refusal("@daily", timezone)[-60:] or "Local" in refusal("@daily", timezone)


@pytest.mark.parametrize(
    "timezone", ["", "UTC", "Etc/GMT+5", "America/Port-au-Prince", "America/Argentina/Buenos_Aires"]
)
def test_what_it_takes(timezone):
    assert refusal("0 5 * * *", timezone) == ""
