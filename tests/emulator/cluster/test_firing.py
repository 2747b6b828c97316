"""The name of a firing, which a container carries as a label."""

import pytest

from stackferry.emulator.orchestrator.firings import Firing


@pytest.mark.parametrize("schedule", ["0 2 * * * Europe/Berlin", "@daily", "CRON_TZ=UTC 0 2 * * *", " 0  2 * * *"])
def test_a_name_reads_back(schedule):
    firing = Firing("db.back-up_1", schedule, 1_774_742_400)

    assert firing.name == f"db.back-up_1@2026-03-29T00:00:00Z {schedule}"
    assert Firing.named(firing.name) == firing


@pytest.mark.parametrize("name", ["", "backup", "backup@2026-03-29T00:00:00Z", "backup@soon 0 2 * * *"])
def test_what_is_no_name(name):
    with pytest.raises(ValueError, match=r"not the name|Invalid isoformat"):
        Firing.named(name)
