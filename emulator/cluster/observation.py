"""Observations: what was seen on the engine. The executor and engine events make them; `lifecycle.py` applies them.

Each is about one task, whatever container it was seen on, and may come late, twice or out of order: applying an
observation again changes nothing.
"""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Prepared:
    """The container of a task exists."""

    task_id: str
    container_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The container could not be created (the task is REJECTED) or started (the task FAILED)."""

    task_id: str
    error: str
    started: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """The container runs. `addresses` by network, `addresses6` for IPv6; an empty `health`: it has no health check.

    `ports`: where on its node each of its ports is bound, as the engine reports.
    """

    task_id: str
    container_id: str = ""
    health: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)
    addresses6: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """The health check reports healthy or unhealthy."""

    task_id: str
    status: str


@dataclass(frozen=True, slots=True)
class Died:
    """The container has ended. The exit code is None if nobody has inspected it yet."""

    task_id: str
    exit_code: int | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Legs:
    """The container's network endpoints: `addresses` by network. It lacks endpoints in the networks of `cut`.

    `error`: why it cannot be connected to them again. `ports` as in `Started`: an engine may choose other ones.
    """

    task_id: str
    addresses: Mapping[str, str] = field(default_factory=dict)
    addresses6: Mapping[str, str] = field(default_factory=dict)
    cut: tuple[str, ...] = ()
    error: str = ""
    ports: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vanished:
    """The container is gone: somebody removed it. Without `container_id`: the task's current container."""

    task_id: str
    container_id: str = ""


@dataclass(frozen=True, slots=True)
class StepStarted:
    """An init container of a task is running, or has run."""

    task_id: str
    step: int
    container_id: str


@dataclass(frozen=True, slots=True)
class StepEnded:
    """An init container of a task has ended or is gone. `error`: its last output, or what happened to it.

    Without `container_id`: the task's current container for that step.
    """

    task_id: str
    step: int
    exit_code: int
    error: str = ""
    container_id: str = ""


def step_removed(task_id: str, step: int, container_id: str = "") -> StepEnded:
    """An init container of a task is gone, and its exit code is unknown."""
    return StepEnded(task_id, step, -1, "the container was removed", container_id)


Observation = StepStarted | StepEnded | Prepared | Refused | Started | Health | Legs | Died | Vanished
