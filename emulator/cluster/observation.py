"""Observations: what was seen on the engine. The executor and engine events make them, `lifecycle.py` takes them in.

Each is about one task, whatever container it was seen on, and may come late, twice or out of order:
taking one in again changes nothing.
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
    """The container could not be made (the task is REJECTED) or started (it FAILED)."""

    task_id: str
    error: str
    started: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """The container runs. `addresses` by network, `addresses6` where it has IPv6; no `health`: nobody checks it.

    `ports`: where on its node each of its ports is, as the engine tells.
    """

    task_id: str
    container_id: str = ""
    health: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)
    addresses6: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """The health check says healthy or unhealthy."""

    task_id: str
    status: str


@dataclass(frozen=True, slots=True)
class Died:
    """The container has ended. Where nobody has looked yet, the exit code is None."""

    task_id: str
    exit_code: int | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Legs:
    """Where the container has legs: its `addresses` by network. It should have one in the networks of `cut`, too.

    `error`: why it cannot have it again. `ports` as when it was started: an engine may choose others.
    """

    task_id: str
    addresses: Mapping[str, str] = field(default_factory=dict)
    addresses6: Mapping[str, str] = field(default_factory=dict)
    cut: tuple[str, ...] = ()
    error: str = ""
    ports: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vanished:
    """The container is no longer there: somebody removed it. No `container_id`: the one that the task has."""

    task_id: str
    container_id: str = ""


@dataclass(frozen=True, slots=True)
class StepStarted:
    """An init container of a task runs, or has run."""

    task_id: str
    step: int
    container_id: str


@dataclass(frozen=True, slots=True)
class StepEnded:
    """An init container of a task has ended, or is gone. `error`: what it said last, or what became of it.

    No `container_id`: whichever the task has for that step.
    """

    task_id: str
    step: int
    exit_code: int
    error: str = ""
    container_id: str = ""


def step_removed(task_id: str, step: int, container_id: str = "") -> StepEnded:
    """An init container of a task is gone, and nobody knows how it ended."""
    return StepEnded(task_id, step, -1, "the container was removed", container_id)


Observation = StepStarted | StepEnded | Prepared | Refused | Started | Health | Legs | Died | Vanished
