"""What `up` in the foreground was asked for: whose output it shows, and which end of a task ends the stack. Pure.

`--attach`, `--no-log-prefix` and their like; `--abort-on-container-exit` and its like.
"""

from collections.abc import Collection

from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose output is shown. `only` (none: all) and `but` are keys of services; `bare`: no names of tasks."""

    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    bare: bool = False
    plain: bool = False
    times: bool = False

    def services(self, keys: Collection[str]) -> list[str]:
        """The services of these whose tasks are heard."""
        return [key for key in keys if (not self.only or key in self.only) and key not in self.but]


_FAILED = (TaskState.FAILED, TaskState.REJECTED)


@dataclass(frozen=True, slots=True)
class Until:
    """Which end ends the stack, and with what exit code.

    `code_of` is the service, by its full name, whose exit code counts; else that of who ended first.
    """

    failures_only: bool = False
    code_of: str = ""

    def first_end(self, before: Cluster, after: Cluster) -> Task | None:
        """The first task that has ended by itself since `before`."""
        states = _FAILED if self.failures_only else (*_FAILED, TaskState.COMPLETE)
        ended = [
            task
            for task in after.tasks.values()
            if task.state in states and ((old := before.tasks.get(task.id)) is None or not old.ended)
        ]
        return min(ended, key=lambda task: task.at, default=None)

    def code(self, cluster: Cluster, first: Task) -> int:
        """The exit code once all have ended."""
        if not self.code_of:
            return _code(first)
        ids = {one.id for one in cluster.services.values() if one.spec.name == self.code_of}
        ran = [task for task in cluster.tasks.values() if task.service_id in ids and task.exit_code is not None]
        return _code(max(ran, key=lambda task: task.created_at)) if ran else 1


def _code(task: Task) -> int:
    """One that never ran has no exit code, yet has failed."""
    return task.exit_code or (1 if task.state in _FAILED else 0)
