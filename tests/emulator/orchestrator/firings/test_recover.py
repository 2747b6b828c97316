"""What a manager finds when it comes back, beside what it had decided."""

from datetime import UTC, datetime

import pytest

from stackferry.emulator.cluster.serialize import decode, encode
from stackferry.emulator.orchestrator.firings import (
    Found,
    History,
    Job,
    Phase,
    Run,
    Trigger,
    begun,
    created,
    decide,
    recover,
)
from stackferry.grammar.schedule import parse

JOB = Job("backup", (Trigger(parse("0 * * * *", "UTC")),))
BEGIN = datetime(2026, 6, 1, 11, 30, tzinfo=UTC)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DECIDED = decide(JOB, begun(JOB, BEGIN), NOON)
FIRING = DECIDED.start[0]
CREATED = created(DECIDED.history, FIRING)


@pytest.mark.parametrize(
    ("history", "found", "told"),
    [
        (DECIDED.history, {}, "create backup@2026-06-01T12:00:00Z 0 * * * * UTC\n"),
        (DECIDED.history, {FIRING: Found.CREATED}, "start  backup@2026-06-01T12:00:00Z 0 * * * * UTC\n"),
        (DECIDED.history, {FIRING: Found.RUNNING}, ""),
        (DECIDED.history, {FIRING: Found.ENDED}, "ended  backup@2026-06-01T12:00:00Z 0 * * * * UTC\n"),
        (CREATED, {}, "lost   backup@2026-06-01T12:00:00Z 0 * * * * UTC\n"),
        (CREATED, {FIRING: Found.RUNNING}, ""),
        (CREATED, {FIRING: Found.ENDED}, "ended  backup@2026-06-01T12:00:00Z 0 * * * * UTC\n"),
    ],
    ids=["not made", "made", "runs", "ran", "removed", "still runs", "ran since"],
)
def test_killed_around_a_firing(history, found, told):
    recovery = recover(history, found)
    under_way = () if "ended" in told or "lost" in told else (FIRING,)

    assert str(recovery) == told
    assert tuple(run.firing for run in recovery.history.runs) == under_way
    assert not decide(JOB, recovery.history, NOON).start, "twice"


@pytest.mark.parametrize("state", Found)
def test_a_history_that_was_lost(state):
    """The containers say what was decided: their moments do not fire again."""
    recovery = recover(History("backup"), {FIRING: state})
    later = decide(JOB, recovery.history, NOON)

    assert [run.firing for run in recovery.history.runs] == ([] if state is Found.ENDED else [FIRING])
    assert (later.start, later.queued, later.skipped) == ((), (), ())


def test_a_container_that_is_kept_for_its_logs():
    recovery = recover(begun(JOB, NOON), {FIRING: Found.ENDED})

    assert (str(recovery), recovery.history) == ("", begun(JOB, NOON))


def test_a_run_that_somebody_started_again_is_under_way():
    recovery = recover(begun(JOB, NOON), {FIRING: Found.RUNNING})

    assert recovery.history.runs == (Run(FIRING, Phase.CREATED),)


def test_a_history_is_stored():
    assert decode(History, encode(CREATED)) == CREATED
