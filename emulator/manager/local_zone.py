"""The time zone of this machine, one that knows its changes: schedules without a zone of their own are read in it."""

import os
from collections.abc import Mapping
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCALTIME = "/etc/localtime"


def local_zone(environment: Mapping[str, str], localtime: str = LOCALTIME) -> tzinfo:
    """That of TZ, else that of the system; UTC where neither says."""
    named = environment.get("TZ", "").removeprefix(":")
    try:
        if named:
            return ZoneInfo(named)
        with open(localtime, "rb") as stream:
            return ZoneInfo.from_file(stream, os.path.realpath(localtime).rpartition("zoneinfo/")[2])
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return UTC
