"""The machine's time zone with its daylight-saving rules: schedules without their own time zone are read in it."""

import os
from collections.abc import Mapping
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCALTIME = "/etc/localtime"


def local_zone(environment: Mapping[str, str], localtime: str = LOCALTIME) -> tzinfo:
    """The zone of TZ, else the system's; UTC if neither is set."""
    named = environment.get("TZ", "").removeprefix(":")
    try:
        if named:
            return ZoneInfo(named)
        with open(localtime, "rb") as stream:
            return ZoneInfo.from_file(stream, os.path.realpath(localtime).rpartition("zoneinfo/")[2])
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return UTC
