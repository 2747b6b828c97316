"""Progress as a value: its words, and its conversion to data and back."""

import json
from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.progress import Kind, Progress, Reason, Standing, progress_of

GOLDEN = Path(__file__).parents[3] / "fixtures" / "events" / "progress.txt"

texts = st.text(max_size=20)
counts = st.integers(0, 9)
reasons = st.builds(
    Reason,
    st.sampled_from(Kind),
    st.lists(texts, max_size=3).map(tuple),
    texts,
    st.none() | st.sampled_from(TaskState),
    texts,
    st.floats(0.0, 1e9),
)
standings = st.builds(Progress, texts, st.sampled_from(Standing), counts, counts, st.none() | reasons)


@given(standings)
def test_its_data_is_read_back(progress: Progress) -> None:
    assert progress_of(json.loads(json.dumps(progress.data()))) == progress


_SUBJECTS = {
    Kind.DEPENDENCIES: Reason(Kind.DEPENDENCIES, ("shop_db", "shop_cache")),
    Kind.RESTART_AFTER: Reason(Kind.RESTART_AFTER, ("shop_db",)),
    Kind.NODE: Reason(Kind.NODE, (), "shop_web.2", TaskState.PENDING, "no suitable node (1 node not available)"),
    Kind.TASK: Reason(Kind.TASK, (), "shop_web.1", TaskState.PREPARING, "task: non-zero exit (1)"),
    Kind.HEALTH: Reason(Kind.HEALTH, (), "shop_web.1", TaskState.STARTING),
    Kind.STABLE_TASKS: Reason(Kind.STABLE_TASKS, until=12.5),
    Kind.UPDATING: Reason(Kind.UPDATING, until=20.0),
    Kind.UPDATE_MONITOR: Reason(Kind.UPDATE_MONITOR, until=30.0),
    Kind.ROLLBACK: Reason(Kind.ROLLBACK, detail="update rolled back due to failure or early termination of task t1"),
    Kind.ROLLBACK_COMPLETED: Reason(Kind.ROLLBACK_COMPLETED, detail="rollback completed"),
    Kind.ROLLED_BACK: Reason(Kind.ROLLED_BACK, detail="by hand"),
    Kind.PAUSED: Reason(Kind.PAUSED, detail="update paused due to failure or early termination of task t1"),
    Kind.ENDED: Reason(Kind.ENDED, (), "shop_web.1", TaskState.COMPLETE, "complete"),
    Kind.CRASH_LOOP: Reason(Kind.CRASH_LOOP, (), "shop_web.1", TaskState.FAILED, "task: non-zero exit (1)"),
}
_STANDINGS = {
    Standing.CONVERGED: {
        Kind.SCHEDULE,
        Kind.COMPLETE,
        Kind.ROLLBACK_COMPLETED,
        Kind.STOPPED,
        Kind.REMOVED,
    },
    Standing.ROLLED_BACK: {Kind.ROLLED_BACK},
    Standing.STUCK: {Kind.PAUSED, Kind.ENDED, Kind.CRASH_LOOP},
}


def test_golden(golden: Callable[[Path, str], None]) -> None:
    """Each reason in words and as data."""
    found = [Progress("shop_web", Standing.CONVERGED, 2, 2)]
    for kind in Kind:
        standing = next((one for one, kinds in _STANDINGS.items() if kind in kinds), Standing.WORKING)
        found.append(Progress("shop_web", standing, 1, 2, _SUBJECTS.get(kind, Reason(kind))))

    golden(GOLDEN, "".join(f"{one}\n  {json.dumps(one.data())}\n" for one in found))


def test_only_what_waits_for_its_tasks_to_be_stable_is_looked_at_again() -> None:
    for kind in Kind:
        found = Progress("web", Standing.WORKING, 1, 1, Reason(kind, until=3.0))
        assert found.steady_at == (3.0 if kind is Kind.STABLE_TASKS else 0.0)
