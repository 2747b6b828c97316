"""What is seen of a task, also twice: a survey tells again what an event told before."""

import pytest

from emulator.agent import observe
from emulator.observation import Died, Observation, Vanished
from emulator.spec import RestartCondition
from emulator.state import TaskState
from tests.emulator.test_convergence import ended


@pytest.mark.parametrize("seen", [Died, Vanished])
def test_a_complete_task_stays_complete(seen: type) -> None:
    """Else nobody knows any more that it ended well, and who waits for that waits for ever."""
    cluster = ended(RestartCondition.NONE, 0).cluster
    (task,) = cluster.tasks.values()
    assert (task.state, task.desired) == (TaskState.COMPLETE, TaskState.SHUTDOWN)
    again: Observation = Died(task.id, 0) if seen is Died else Vanished(task.id)

    (after,) = observe(cluster, again, 99.0).tasks.values()

    assert (after.state, after.at) == (task.state, task.at)
