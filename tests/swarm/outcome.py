"""The outcome of a service in a form that can be compared between a real swarm and the emulator.

It has the tasks of every slot in the order of their creation, each with its last state and error, and the update
statuses of the service. Task names become indices in the slot. Times are creation times, to be compared within bounds.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_TASK = re.compile(r"\b[0-9a-z]{25}\b")


@dataclass
class Seen:
    """One task as it was seen. `created` in seconds of the observer's clock."""

    task_id: str
    slot: str
    created: float
    order: str = ""
    state: str = ""
    desired: str = ""
    error: str = ""
    path: list[str] = field(default_factory=list)

    def take(self, now: float, state: str, desired: str, error: str) -> None:
        self.state, self.desired, self.error = state, desired, error
        if not self.path or self.path[-1] != state:
            self.path.append(state)


@dataclass(frozen=True)
class Outcome:
    """`slots`: lines for each slot; `updates`: statuses with messages; `times`: creation of each slot's tasks."""

    slots: dict[str, tuple[str, ...]]
    updates: tuple[str, ...]
    times: dict[str, tuple[float, ...]]

    def __str__(self) -> str:
        lines = [f"{slot}: {', '.join(tasks)}" for slot, tasks in sorted(self.slots.items())]
        return "\n".join([*lines, *(f"update {one}" for one in self.updates)])


def outcome(tasks: Iterable[Seen], updates: Iterable[tuple[float, str, str]], begun: float) -> Outcome:
    slots: dict[str, list[Seen]] = {}
    for task in tasks:
        slots.setdefault(task.slot, []).append(task)
    for found in slots.values():
        found.sort(key=lambda task: (task.order, task.created))
    names = {
        task.task_id: f"task {index + 1} of a slot" for found in slots.values() for index, task in enumerate(found)
    }

    def named(text: str) -> str:
        return _TASK.sub(lambda match: names.get(match[0], "a task"), text)

    return Outcome(
        {slot: tuple(_line(task) for task in found) for slot, found in slots.items()},
        tuple(f"{state}: {named(message)}" for _, state, message in updates),
        {slot: tuple(task.created - begun for task in found) for slot, found in slots.items()},
    )


_ON_ITS_WAY = ("new", "assigned", "accepted", "preparing", "ready", "starting")


def _line(task: Seen) -> str:
    error = f" {task.error!r}" if task.error else ""
    if "network sandbox does not exist" in error:
        # Engine 20.10 says so of an unhealthy task that is in no network; other engines, and we, name the exit code.
        error = " 'task: non-zero exit (137): dockerexec: unhealthy container'"
    if task.desired == "remove" and task.state == "running":
        # It went between two looks.
        return "shutdown"
    # How far a task has come when the script ends is a matter of milliseconds.
    return "on its way" if task.state in _ON_ITS_WAY else f"{task.state}{error}"
