"""The time zone of a machine."""

import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from stackferry.emulator.manager.local_zone import local_zone

BERLIN = "/usr/share/zoneinfo/Europe/Berlin"
SUMMER, WINTER = datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.skipif(not os.path.exists(BERLIN), reason="this machine has no time zone data")
def test_that_of_the_system(tmp_path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to(BERLIN)

    zone = local_zone({}, str(link))

    assert [moment.astimezone(zone).utcoffset().total_seconds() for moment in (SUMMER, WINTER)] == [7200, 3600]
    assert str(zone) == "Europe/Berlin"


@pytest.mark.parametrize("name", ["Asia/Tokyo", ":Asia/Tokyo"])
def test_tz_comes_first(name: str, tmp_path) -> None:
    assert local_zone({"TZ": name}, str(tmp_path / "nowhere")) == ZoneInfo("Asia/Tokyo")


def test_where_nothing_says(tmp_path) -> None:
    (tmp_path / "broken").write_bytes(b"no zone")

    assert local_zone({}, str(tmp_path / "nowhere")) is UTC
    assert local_zone({}, str(tmp_path / "broken")) is UTC
    assert local_zone({"TZ": "Nowhere/Land"}) is UTC
