"""The cluster as the manager knows it at one moment: nodes, services, tasks. Input and output of `reconcile.py`.

Frozen values; a step of the orchestration returns a new cluster. The text form (`str`) is one line per
object, the same in tests, plans and logs. Times are seconds of the clock that is handed in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from emulator.spec import Mode, ServiceSpec, TaskTemplate
from emulator.state import TaskState, UpdateState


@dataclass(frozen=True, slots=True)
class Node:
    """A virtual node. `availability` is active, pause or drain; `address` the loopback IP of its host ports."""

    id: str
    hostname: str
    role: str = "manager"
    availability: str = "active"
    ready: bool = True
    labels: Mapping[str, str] = field(default_factory=dict)
    engine_labels: Mapping[str, str] = field(default_factory=dict)
    os: str = "linux"
    arch: str = "x86_64"
    nano_cpus: int = 0
    memory: int = 0
    generic: tuple[tuple[str, int], ...] = ()
    address: str = "127.0.0.1"

    @property
    def schedulable(self) -> bool:
        """Whether new tasks may be placed here."""
        return self.ready and self.availability == "active"


@dataclass(frozen=True, slots=True)
class UpdateStatus:
    """How the last update of a service stands, as `service inspect` shows it."""

    state: UpdateState
    message: str
    started_at: float
    completed_at: float | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service as stored. `version` counts spec changes; `iteration` the runs of a job."""

    id: str
    spec: ServiceSpec
    version: int = 1
    previous: ServiceSpec | None = None
    update: UpdateStatus | None = None
    created_at: float = 0.0
    updated_at: float = 0.0
    iteration: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """One task: one container, once. `slot` is 0 for tasks of global services, whose identity is the node.

    `desired` is written by the manager, `state` by the agent; neither ever goes back. `at` is when
    `state` was reached. `error` and `message` are shown by `ps`. `version` is the service's when the
    task was made, `template` what it runs. `start_at`: a replacement waits with desired READY until then.
    """

    id: str
    service_id: str
    slot: int
    template: TaskTemplate
    version: int = 1
    node_id: str = ""
    desired: TaskState = TaskState.RUNNING
    state: TaskState = TaskState.NEW
    created_at: float = 0.0
    at: float = 0.0
    message: str = "created"
    error: str = ""
    exit_code: int | None = None
    container_id: str = ""
    start_at: float | None = None
    iteration: int = 0
    host_ports: tuple[tuple[int, int, str], ...] = ()

    @property
    def ended(self) -> bool:
        """Whether the task has come to its end."""
        return self.state > TaskState.RUNNING

    @property
    def runnable(self) -> bool:
        """Whether the task is alive and wanted: neither ended nor told to."""
        return self.desired <= TaskState.RUNNING and self.state <= TaskState.RUNNING


@dataclass(frozen=True, slots=True)
class Cluster:
    """Everything, by id. Insertion order is creation order."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)

    def tasks_of(self, service_id: str) -> Iterator[Task]:
        """The tasks of one service, oldest first."""
        return (task for task in self.tasks.values() if task.service_id == service_id)

    def with_task(self, task: Task) -> "Cluster":
        """The cluster with one task added or replaced."""
        return replace(self, tasks={**self.tasks, task.id: task})

    def task_name(self, task: Task) -> str:
        """`<service>.<slot>.<task id>`; the node's id stands for the slot 0 (of global services and jobs)."""
        service = self.services.get(task.service_id)
        prefix = service.spec.name if service else task.service_id
        return f"{prefix}.{task.slot or task.node_id}.{task.id}"


def is_global(service: Service) -> bool:
    """Whether the service has one task per node."""
    return service.spec.mode in (Mode.GLOBAL, Mode.GLOBAL_JOB)
