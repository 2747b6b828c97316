"""How far a service is on its way to its desired state, as a value: for displays, exit codes and pages.

`convergence.py` and `endings.py` make it. It has a text form (`str`) and a data form: a JSON object (docs/events.md);
`progress_of` reads that back.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import Any

from stackferry.emulator.cluster.state import TaskState
from stackferry.grammar.lazy_dataclass import dataclass

Data = dict[str, Any]


class Standing(Enum):
    """The state of a service's progress. Rolled back: it runs, but as before the deployment that is waited for."""

    CONVERGED = "converged"
    WORKING = "working"
    STUCK = "stuck"
    ROLLED_BACK = "rolled back"


class Kind(StrEnum):
    """What a service waits for, or why it no longer waits."""

    DEPENDENCIES = "dependencies"
    RESTART_AFTER = "restart_after"
    NODE = "node"
    TASK = "task"
    HEALTH = "health"
    STABLE_TASKS = "stable_tasks"
    UPDATING = "updating"
    UPDATE_MONITOR = "update_monitor"
    OLD_TASKS = "old_tasks"
    SURPLUS_TASKS = "surplus_tasks"
    ROLLBACK = "rollback"
    STOPPING = "stopping"
    REMOVING = "removing"
    SCHEDULE = "schedule"
    COMPLETE = "complete"
    ROLLBACK_COMPLETED = "rollback_completed"
    STOPPED = "stopped"
    REMOVED = "removed"
    ROLLED_BACK = "rolled_back"
    PAUSED = "paused"
    ENDED = "ended"
    CRASH_LOOP = "crash_loop"


_TEXTS: Mapping[Kind, str] = {
    Kind.DEPENDENCIES: "waiting for {services}",
    Kind.RESTART_AFTER: "waiting to restart after {services}",
    Kind.NODE: "{detail}",
    Kind.TASK: "{state}{after}",
    Kind.HEALTH: "starting, not yet healthy",
    Kind.STABLE_TASKS: "verifying that its tasks are stable",
    Kind.UPDATING: "updating",
    Kind.UPDATE_MONITOR: "verifying that the new tasks are stable",
    Kind.OLD_TASKS: "stopping old tasks",
    Kind.SURPLUS_TASKS: "removing tasks",
    Kind.ROLLBACK: "{detail}",
    Kind.STOPPING: "stopping",
    Kind.REMOVING: "removing",
    Kind.SCHEDULE: "runs on its schedule",
    Kind.COMPLETE: "complete",
    Kind.ROLLBACK_COMPLETED: "{detail}",
    Kind.STOPPED: "stopped",
    Kind.REMOVED: "removed",
    Kind.ROLLED_BACK: "rolled back: {detail}",
    Kind.PAUSED: "{detail}",
    Kind.ENDED: "{task} has exited and is not restarted: {detail}",
    Kind.CRASH_LOOP: "{task} keeps exiting: {detail}",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What a service waits for: `services` by their full names, or a `task` (`shop_web.1`) that is in a `state`.

    `detail` is the message of its source: the scheduler (NODE), the update (PAUSED, ROLLBACK), the task's end
    (CRASH_LOOP, ENDED; TASK: the end of the previous task). `until`: when the wait is over if nothing happens before,
    in seconds of the stack's clock; 0: unknown.
    """

    kind: Kind
    services: tuple[str, ...] = ()
    task: str = ""
    state: TaskState | None = None
    detail: str = ""
    until: float = 0.0

    def __str__(self) -> str:
        after = f", after {self.detail}" if self.detail else ""
        return _TEXTS[self.kind].format(
            services=", ".join(self.services), task=self.task, state=self.state, detail=self.detail, after=after
        )

    def data(self) -> Data:
        """The data form: the fields that apply, and `text`."""
        known = {
            "services": [*self.services],
            "task": self.task,
            "state": "" if self.state is None else str(self.state),
            "detail": self.detail,
            "until": self.until,
        }
        return {"kind": self.kind.value, **{key: value for key, value in known.items() if value}, "text": str(self)}


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a service: `running` of `wanted` tasks (for a job: completed), and what it waits for."""

    name: str
    standing: Standing
    running: int
    wanted: int
    waits_for: Reason | None = None

    @property
    def steady_at(self) -> float:
        """When its tasks will have run long enough to count, if that is all that is missing; else 0."""
        reason = self.waits_for
        return reason.until if reason is not None and reason.kind is Kind.STABLE_TASKS else 0.0

    def __str__(self) -> str:
        waits = f": {self.waits_for}" if self.waits_for else ""
        return f"{self.name} {self.running}/{self.wanted} {self.standing.value}{waits}"

    def data(self) -> Data:
        """The data form. `service` is the full name; `waits_for` is left out if empty."""
        found: Data = {
            "service": self.name,
            "standing": self.standing.name.lower(),
            "running": self.running,
            "wanted": self.wanted,
        }
        return {**found, "waits_for": self.waits_for.data()} if self.waits_for else found


def progress_of(found: Data) -> Progress:
    """The value of a data form."""
    reason = found.get("waits_for")
    standing = Standing[found["standing"].upper()]
    return Progress(
        found["service"], standing, found["running"], found["wanted"], None if reason is None else _reason_of(reason)
    )


def _reason_of(found: Data) -> Reason:
    state = found.get("state")
    return Reason(
        Kind(found["kind"]),
        tuple(found.get("services", ())),
        found.get("task", ""),
        None if state is None else TaskState[state.upper()],
        found.get("detail", ""),
        found.get("until", 0.0),
    )
