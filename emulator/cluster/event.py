"""Events of a stack, as values: a service was created, a task failed, a node was drained.

`happenings.py` finds them between two clusters, the store keeps them, `stackferry events` and pages show them. Each has
a text form (`str`, one line in plain English) and a data form: a JSON object with the names of its fields, without
those that do not apply (docs/events.md). `event_of` reads the data form back.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import IntEnum, StrEnum
from functools import cache
from typing import Any, ClassVar

from stackferry.emulator.cluster.state import TaskState, UpdateState
from stackferry.grammar.lazy_dataclass import dataclass

Data = dict[str, Any]


class Action(StrEnum):
    """What happened to an object. CREATE, UPDATE and REMOVE are docker's words for services and nodes of a swarm.

    UPDATE_STATUS: an update of a service begins, pauses, is over, or is rolled back. REMOVING: a service is about to be
    removed; its tasks are ended first.
    """

    CREATE = "create"
    UPDATE = "update"
    UPDATE_STATUS = "update_status"
    REMOVING = "removing"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class ServiceEvent:
    """An event of a service. `service` is its full name; `version` counts its specs (UPDATE).

    `state` and `message` are those of its update (UPDATE_STATUS); `cause` says which task paused it or rolled it back.
    """

    type: ClassVar = "service"
    action: Action
    id: str
    service: str
    version: int = 0
    state: UpdateState | None = None
    message: str = ""
    cause: str = ""

    @property
    def name(self) -> str:
        """The service's name in the text form."""
        return self.service

    def __str__(self) -> str:
        return f"service {self.service} {_OF_SERVICE[self.action].format(self)}"


_OF_SERVICE: Mapping[Action, str] = {
    Action.CREATE: "created",
    Action.UPDATE: "updated (version {0.version})",
    Action.UPDATE_STATUS: "{0.state}: {0.message}",
    Action.REMOVING: "to be removed",
    Action.REMOVE: "removed",
}


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """An event of a task: it is new, its state, desired state or error changed, or it is forgotten.

    `service` is the full name of its service; `slot` is 0 if its node identifies the task. `node` and `node_id` are the
    name and id of its node, empty before it has one. `message` says what its state means, `error` why it does not get
    further or how it failed; `exit_code` is None until its container has ended.
    """

    type: ClassVar = "task"
    action: Action
    id: str
    service: str
    state: TaskState
    desired_state: TaskState
    slot: int = 0
    node: str = ""
    node_id: str = ""
    message: str = ""
    error: str = ""
    exit_code: int | None = None

    @property
    def name(self) -> str:
        """The task's name, as `Cluster.task_name` gives it."""
        return f"{self.service}.{self.slot or self.node_id}.{self.id}"

    def __str__(self) -> str:
        if self.action is Action.REMOVE:
            return f"task {self.name} removed"
        error = f": {self.error}" if self.error else ""
        wish = f", desired {self.desired_state}" if self.desired_state != TaskState.RUNNING else ""
        return f"task {self.name} {self.state}{wish}{error}"


@dataclass(frozen=True, slots=True)
class NodeEvent:
    """An event of a virtual node: its name `node`, `role` (manager, worker), `availability` (active, pause, drain)."""

    type: ClassVar = "node"
    service: ClassVar = ""
    action: Action
    id: str
    node: str
    role: str
    availability: str
    ready: bool

    @property
    def name(self) -> str:
        """The node's name in the text form."""
        return self.node

    def __str__(self) -> str:
        down = "" if self.ready else ", not ready"
        return f"node {self.node} {_OF_NODE[self.action].format(self, down)}"


_OF_NODE: Mapping[Action, str] = {
    Action.CREATE: "created",
    Action.UPDATE: "updated ({0.role}, {0.availability}{1})",
    Action.REMOVE: "removed",
}


@dataclass(frozen=True, slots=True)
class FormerEvent:
    """A line stored by a version that had no event values, shown as it is. `type` is its first word."""

    type: str
    line: str
    service: str = ""

    def __str__(self) -> str:
        return self.line


Event = ServiceEvent | TaskEvent | NodeEvent | FormerEvent

Read = Callable[[str], object]


def _task_state(text: str) -> TaskState:
    return TaskState[text.upper()]


_KINDS: Mapping[str, tuple[type, Mapping[str, Read]]] = {
    "service": (ServiceEvent, {"action": Action, "state": lambda text: UpdateState[text.upper()]}),
    "task": (TaskEvent, {"action": Action, "state": _task_state, "desired_state": _task_state}),
    "node": (NodeEvent, {"action": Action}),
}
"""By type: the event class, and how to parse its fields that are not plain JSON."""


def data(event: Event) -> Data:
    """The data form of an event."""
    kind: Any = type(event)
    found: Data = {"type": event.type}
    for name, default in _fields(kind):
        value = getattr(event, name)
        if value != default:
            # JSON would encode a state as its number.
            found[name] = str(value) if isinstance(value, IntEnum) else value
    return found


def event_of(found: Data) -> Event:
    """The event of a data form. Unknown keys are ignored: lines of `events --json` have more keys."""
    if "line" in found:
        return FormerEvent(found["type"], found["line"], found.get("service", ""))
    kind, readers = _KINDS[found["type"]]
    known = {name: found[name] for name, _ in _fields(kind) if name in found}
    made: Event = kind(**known | {name: read(known[name]) for name, read in readers.items() if name in known})
    return made


@cache
def _fields(kind: type[Any]) -> tuple[tuple[str, object], ...]:
    """The fields of an event type with their defaults."""
    return tuple((one.name, one.default) for one in fields(kind))


# One encoder for all events: `json.dumps` with these options makes a new one on each call.
_written = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def stored(event: Event) -> str:
    """The text that the store keeps."""
    return _written(data(event))


def from_store(text: str) -> Event:
    """The event from a text of `stored`, or from a line of an earlier version."""
    return event_of(json.loads(text)) if text.startswith("{") else _former(text)


def _former(line: str) -> FormerEvent:
    """Parses `service shop_web created` or `task shop_web.1.abc running`: the service is what its name begins with."""
    kind, _, rest = line.partition(" ")
    name = rest.partition(" ")[0].rstrip(":")
    return FormerEvent(kind, line, name.rsplit(".", 2)[0] if kind == "task" else name)
