"""How a CronJob expresses a schedule, and the notes about the rest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.model.job import Schedule
from stackferry.grammar.schedule import problems
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Kind, Notes
from stackferry.translator.workload_kinds.cron_timing import timing

PATH = ("services", "nightly", "triggers", "schedule", 0)


def told(*said: Any, **more: Any) -> tuple[Body | None, dict[str, Kind]]:
    """The fields, and the kind of each note by the key that it is about."""
    notes = Notes()
    found = timing(Schedule(*said, **more), PATH, notes)
    return found, {str(note.path[-1]): note.kind for note in notes}


@pytest.mark.parametrize(
    ("concurrency", "missed", "deadline", "kinds"),
    [
        (None, None, None, {"concurrency": Kind.APPROXIMATED}),
        ("forbid", "one", None, {"concurrency": Kind.APPROXIMATED, "missed_fires": Kind.EXACT}),
        ("forbid", "skip", 10, {"concurrency": Kind.EXACT}),
        ("queue", None, None, {"concurrency": Kind.EXACT}),
        ("queue", "skip", None, {"concurrency": Kind.EXACT, "missed_fires": Kind.APPROXIMATED}),
    ],
)
def test_overlaps_and_missed_moments(
    concurrency: str | None, missed: str | None, deadline: int | None, kinds: dict[str, Kind]
) -> None:
    found, said = told("0 2 * * *", "Europe/Berlin", concurrency, missed)

    more = {} if deadline is None else {"startingDeadlineSeconds": deadline}
    assert found == {"schedule": "0 2 * * *", "timeZone": "Europe/Berlin", "concurrencyPolicy": "Forbid", **more}
    assert said == kinds


@pytest.mark.parametrize(
    ("line", "schedule", "zone"),
    [
        ("CRON_TZ=Asia/Tokyo 30 6 * * 1", "30 6 * * 1", "Asia/Tokyo"),
        ("TZ=UTC @daily", "@daily", "UTC"),
        ("TZ= 0 5 * * *", "0 5 * * *", "UTC"),
    ],
)
def test_a_time_zone_in_the_line_is_taken_out(line: str, schedule: str, zone: str) -> None:
    found, kinds = told(line)

    assert found is not None
    assert (found["schedule"], found["timeZone"]) == (schedule, zone)
    assert kinds["cron"] is Kind.EXACT


@pytest.mark.parametrize(
    ("line", "matters"),
    [
        ("0 2 * * *", True),
        ("@daily", True),
        ("* * * * 1", True),
        ("*/5 * * * *", False),
        ("@hourly", False),
        ("@every 1h30m", False),
    ],
)
def test_the_clock_of_the_cluster_is_told_of_where_it_matters(line: str, matters: bool) -> None:
    found, kinds = told(line)

    assert found is not None
    assert "timeZone" not in found
    assert ("cron" in kinds) is matters


@pytest.mark.parametrize(("line", "kind"), [("@every 59s", Kind.NEEDS_ACTION), ("@every 1m", None)])
def test_one_job_a_minute(line: str, kind: Kind | None) -> None:
    assert told(line)[1].get("cron") is kind


@pytest.mark.parametrize(
    ("line", "zone", "key"),
    [
        ("every day", None, "cron"),
        ("* * * * * *", None, "cron"),
        ("@daily", "Europe/Berlim", "timezone"),
        ("@daily", "Local", "timezone"),
        ("TZ=Local 0 5 * * *", None, "cron"),
    ],
)
def test_what_no_cron_job_can_be_made_of(line: str, zone: str | None, key: str) -> None:
    assert told(line, zone) == (None, {key: Kind.NEEDS_ACTION})


@given(st.text(alphabet="0123456789*/-,? @TZC_RONeveryhdailUS=", max_size=24))
def test_whatever_can_be_read_is_legal(line: str) -> None:
    found, _ = told(line)

    assert found is None or problems(found["schedule"], found.get("timeZone", "")) == []
