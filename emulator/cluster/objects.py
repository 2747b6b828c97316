"""The cluster as the manager knows it at one moment: nodes, services, tasks. Input and output of `reconcile.py`.

Frozen values; each step of the orchestration returns a new cluster. The text form (`str`) is one line per object, the
same in tests, plans and logs. Times of tasks, restarts and rollouts are seconds of the clock that is passed in;
dates, and all times of nodes and services, are times of day, which are shown and never compared.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field, replace

from stackferry.emulator.cluster.firing import History, PastRun
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort, ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState, UpdateState
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What the last deployment asked of a node; other values were set by hand. `role_said`: the role is no default."""

    role: str = ""
    role_said: bool = False
    availability: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Node:
    """A virtual node. `availability` is active, pause or drain; `address` is the loopback IP of its host ports.

    `leaving`: the stack no longer asks for it. It is drained, and forgotten when its last task has ended.
    """

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
    engine_version: str = ""
    leaving: bool = False
    asked: Asked = field(default_factory=Asked)
    created_at: float = 0.0
    updated_at: float = 0.0

    @property
    def schedulable(self) -> bool:
        """Whether new tasks may be placed here."""
        return self.ready and self.availability == "active"


@dataclass(frozen=True, slots=True)
class UpdateStatus:
    """The status of a service's last update, as `service inspect` shows it.

    `cause` is ours: which task paused the update or rolled it back, and how that task ended.
    """

    state: UpdateState
    message: str
    started_at: float
    completed_at: float | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A slot that an update is replacing.

    `task_id` is the slot's new task, empty once that task runs; then the worker rests until `until`. `slot` is the
    slot's number, or the node id of a global service.
    """

    slot: int | str
    task_id: str = ""
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Rollout:
    """A rolling update in progress, for one version of the service.

    `dirty` counts the slots that were dirty at its start, `queue` are the slots still to do. `made` maps the tasks that
    it created to when they started to run (None: not yet), `failed` are those that ended early, `finish_at` is when the
    update is over if nothing fails until then.
    """

    version: int
    dirty: int
    queue: tuple[int | str, ...] = ()
    works: tuple[Work, ...] = ()
    made: Mapping[str, float | None] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()
    finish_at: float | None = None


@dataclass(frozen=True, slots=True)
class RestartHistory:
    """Restarts of one slot under one version of its service: how many, and when, if the policy has a window."""

    version: int
    total: int = 0
    at: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Grace:
    """`down -t 3`: the existing tasks, those up to a `version`, get `seconds` to end."""

    seconds: float
    version: int


@dataclass(frozen=True, slots=True)
class Service:
    """A service as stored. `version` counts spec changes; `iteration` the runs of a job.

    `removed`: the user has removed it, and it stays until its last task has ended. `awaiting`: it is new and waits for
    its dependencies. `vips`: its addresses by network, and those of its tasks' resolvers (webnet/allocation.py).
    `published`: the endpoint's ports, with numbers for those left open (webnet/ports.py). `grace`: the time to end in
    that a command set for tasks. `revived`: the version since which it runs again after a stop; tasks that ended before
    do not keep their slots. `prepared`: identifies what the once-only init containers have run for
    (agent/pre_start.py). `behind`: services that it follows and that were replaced, each with the version since which;
    it still has to be restarted (orchestrator/following.py). `alone`: the version whose update restarts no other
    service. `firings`, `past`: for a job with schedules, what was decided on and what came of it
    (orchestrator/firings).
    """

    id: str
    spec: ServiceSpec
    version: int = 1
    previous: ServiceSpec | None = None
    update: UpdateStatus | None = None
    created_at: float = 0.0
    updated_at: float = 0.0
    iteration: int = 0
    rollout: Rollout | None = None
    removed: bool = False
    stopped: bool = False
    revived: int = 0
    awaiting: bool = False
    vips: Mapping[str, str] = field(default_factory=dict)
    published: tuple[PublishedPort, ...] = ()
    grace: Grace | None = None
    prepared: str = ""
    behind: Mapping[str, int] = field(default_factory=dict)
    alone: int = 0
    firings: History = field(default_factory=lambda: History(""))
    past: tuple[PastRun, ...] = ()

    @property
    def ports(self) -> tuple[PublishedPort, ...]:
        """The endpoint's ports, with numbers for ports left open once those are allocated."""
        return self.published or self.spec.endpoint.ports

    def with_spec(self, spec: ServiceSpec) -> "Service":
        """The service with another spec in force. A running update is abandoned."""
        return replace(self, spec=spec, previous=self.spec, version=self.version + 1, update=None, rollout=None)

    def grace_of(self, task: "Task") -> float:
        """Seconds between a task's stop signal and SIGKILL."""
        if self.grace is not None and task.version <= self.grace.version:
            return self.grace.seconds
        return task.template.stop_grace


@dataclass(frozen=True, slots=True)
class Task:
    """One task: one container, run once. `slot` is 0 for tasks of global services, which their node identifies.

    The manager writes `desired`, the agent `state`; neither ever goes back. `at` is when `state` was reached. `ps`
    shows `error` and `message`. `version` is the service's when the task was created, `template` what the task runs.
    `start_at`: a replacement waits with desired READY until then, and until the task `after` has ended. `failing` says
    why the agent is ending a task that should run. `ports`: where on its node the engine bound each port (`80/tcp`)
    that the task holds. `created_date` and `at_date`: the time of day at `created_at` and `at`. `step` is the first
    init container that has not succeeded, `step_container` the running one. `cut`: networks from which somebody
    disconnected it, with the addresses that it had there.
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
    endpoint: EndpointSpec = field(default_factory=EndpointSpec)
    after: str = ""
    failing: str = ""
    started_at: float | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)
    addresses6: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)
    created_date: float | None = None
    at_date: float | None = None
    step: int = 0
    step_container: str = ""
    cut: Mapping[str, str] = field(default_factory=dict)

    @property
    def created_on(self) -> float:
        """The time of day when it was created."""
        return self.created_at if self.created_date is None else self.created_date

    @property
    def since(self) -> float:
        """The time of day since which it has been in its state."""
        return self.at if self.at_date is None else self.at_date

    @property
    def held(self) -> tuple[PublishedPort, ...]:
        """Ports that it holds in host mode, with the numbers that the engine chose for ports left open."""
        if self.state != TaskState.RUNNING:
            return ()
        return tuple(
            replace(port, published=port.published or self.ports.get(f"{port.target}/{port.protocol}", 0))
            for port in self.endpoint.ports
            if port.mode == "host"
        )

    @property
    def ended(self) -> bool:
        """Whether the task has ended."""
        return self.state > TaskState.RUNNING

    @property
    def wanted(self) -> bool:
        """Whether the task is meant to run or to complete: nobody told it to end."""
        return self.desired <= TaskState.COMPLETE

    @property
    def runnable(self) -> bool:
        """Whether the task is alive and wanted: neither ended nor told to end."""
        return self.wanted and self.state <= TaskState.RUNNING

    def moved(self, state: TaskState, at: float, message: str, error: str = "") -> "Task":
        """The task in a later state. A state never goes back: an earlier one changes nothing."""
        if state <= self.state:
            return self
        return replace(self, state=state, at=at, message=message, error=error)

    def told(self, desired: TaskState) -> "Task":
        """The task with a later desired state."""
        return replace(self, desired=desired) if desired > self.desired else self


@dataclass(frozen=True, slots=True)
class Cluster:
    """Everything, by id. Insertion order is creation order."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    history: Mapping[tuple[str, int | str], RestartHistory] = field(default_factory=dict)

    @property
    def ends(self) -> bool:
        """Whether the whole stack is ending: all services are removed and wait only for their last tasks to end."""
        return bool(self.services) and all(one.removed for one in self.services.values())

    def without(self, tasks: Collection[str]) -> "Cluster":
        """The cluster without the tasks with these ids."""
        if not tasks:
            return self
        return replace(self, tasks={key: task for key, task in self.tasks.items() if key not in tasks})

    @property
    def gone(self) -> bool:
        """Whether nothing is left to manage."""
        return not self.services and not self.tasks

    def by_name(self) -> dict[str, Service]:
        """The services that are not being removed, by name."""
        return {one.spec.name: one for one in self.services.values() if not one.removed}

    def tasks_of(self, service_id: str) -> Iterator[Task]:
        """The tasks of one service, oldest first."""
        return (task for task in self.tasks.values() if task.service_id == service_id)

    def with_task(self, task: Task) -> "Cluster":
        """The cluster with one task added or replaced."""
        return replace(self, tasks={**self.tasks, task.id: task})

    def task_name(self, task: Task) -> str:
        """`<service>.<slot>.<task id>`; for slot 0 (global services and jobs), the node's id takes the slot's place."""
        service = self.services.get(task.service_id)
        prefix = service.spec.name if service else task.service_id
        return f"{prefix}.{task.slot or task.node_id}.{task.id}"
