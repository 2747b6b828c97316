"""Options of `up` in the foreground: whose output it shows, and which task's end stops the stack. Pure.

`--attach`, `--no-log-prefix` and the like; `--abort-on-container-exit` and the like.
"""

from collections.abc import Collection

from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose output is shown: services with the keys `only` (empty: all) except `but`; `bare`: no task prefix."""

    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    bare: bool = False
    plain: bool = False
    times: bool = False

    def services(self, keys: Collection[str]) -> list[str]:
        """The services among these whose output is shown."""
        return [key for key in keys if (not self.only or key in self.only) and key not in self.but]


_FAILED = (TaskState.FAILED, TaskState.REJECTED)


@dataclass(frozen=True, slots=True)
class Until:
    """Which task's end stops the stack, and with what exit code.

    `code_of` is the full name of the service whose exit code counts; else that of the first task to end counts.
    """

    failures_only: bool = False
    code_of: str = ""

    def first_end(self, before: Cluster, after: Cluster) -> Task | None:
        """The first task that has ended on its own since `before`."""
        states = _FAILED if self.failures_only else (*_FAILED, TaskState.COMPLETE)
        ended = [
            task
            for task in after.tasks.values()
            if task.state in states and ((old := before.tasks.get(task.id)) is None or not old.ended)
        ]
        return min(ended, key=lambda task: task.at, default=None)

    def code(self, cluster: Cluster, first: Task) -> int:
        """The exit code once all tasks have ended."""
        if not self.code_of:
            return _code(first)
        ids = {one.id for one in cluster.services.values() if one.spec.name == self.code_of}
        ran = [task for task in cluster.tasks.values() if task.service_id in ids and task.exit_code is not None]
        return _code(max(ran, key=lambda task: task.created_at)) if ran else 1


def _code(task: Task) -> int:
    """A task's exit code; 1 for a failed task without a code, because it never ran."""
    return task.exit_code or (1 if task.state in _FAILED else 0)
