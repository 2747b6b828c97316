"""The desired state of a service: the spec that `desired/stack.py` makes from the model and the manager keeps.

Frozen values without I/O. Two specs are compared with `==`, part by part, to tell whether a slot is
dirty (`orchestrator/update.py`). Names follow swarmkit's `api/specs.proto`; times are seconds (float), CPUs
nano-CPUs, memory bytes.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from enum import Enum

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.grammar.lazy_dataclass import dataclass

SMALLEST_MEMORY = 4 * 1024 * 1024
"""The smallest memory limit or reservation of a task, in bytes."""

SMALLEST_CPUS = 1_000_000
"""The same for nano-CPUs."""


def enough_memory(size: int) -> int:
    """The size in bytes, or 0 for no limit; raises ValueError in swarm's words if it is too small for a limit."""
    if size and size < SMALLEST_MEMORY:
        raise ValueError(f"invalid memory value {size}: Must be at least 4MiB")
    return size


def enough_cpus(nano: int) -> int:
    """The same for nano-CPUs."""
    if nano and nano < SMALLEST_CPUS:
        raise ValueError(f"invalid cpu value {nano / 1e9:g}: Must be at least {SMALLEST_CPUS / 1e9:g}")
    return nano


class Mode(Enum):
    """Whether a service has a number of tasks or one per node, and whether its tasks run to completion."""

    REPLICATED = "replicated"
    GLOBAL = "global"
    REPLICATED_JOB = "replicated job"
    GLOBAL_JOB = "global job"

    @property
    def is_job(self) -> bool:
        """Whether tasks run once, to completion."""
        return self in (Mode.REPLICATED_JOB, Mode.GLOBAL_JOB)

    @property
    def is_global(self) -> bool:
        """Whether there is one task per node."""
        return self in (Mode.GLOBAL, Mode.GLOBAL_JOB)


class RestartCondition(Enum):
    """Which exits cause a task to be replaced."""

    NONE = "none"
    ON_FAILURE = "on-failure"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """Replacement of ended tasks. `max_attempts` 0 is no limit; with `window` 0 all restarts count."""

    condition: RestartCondition = RestartCondition.ANY
    delay: float = 5.0
    max_attempts: int = 0
    window: float = 0.0


@dataclass(frozen=True, slots=True)
class UpdateConfig:
    """A rolling update or rollback. `parallelism` 0 means all slots at once."""

    parallelism: int = 1
    delay: float = 0.0
    failure_action: str = "pause"
    monitor: float = 5.0
    max_failure_ratio: float = 0.0
    order: str = "stop-first"


@dataclass(frozen=True, slots=True)
class PublishedPort:
    """A port of the endpoint. `published` 0: a number from 30000 upwards is chosen. `mode` is ingress or host."""

    target: int
    published: int = 0
    protocol: str = "tcp"
    mode: str = "ingress"
    host_ip: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where tasks may run: constraints as written (`node.role == manager`), preferences as node labels."""

    constraints: tuple[str, ...] = ()
    spread: tuple[str, ...] = ()
    max_replicas: int = 0
    platforms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reservations:
    """The resources that the scheduler reserves on a node: nano-CPUs, bytes, and counted generic resources."""

    nano_cpus: int = 0
    memory: int = 0
    generic: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class TaskTemplate:
    """Everything that defines a task; a difference makes a slot dirty (but see `dirty.is_dirty`).

    `container` is the engine's part (`container.py`), which the orchestration never looks into;
    `update --force` counts `force` up.
    """

    container: ContainerSpec | None = None
    restart: RestartPolicy = field(default_factory=RestartPolicy)
    placement: Placement = field(default_factory=Placement)
    reservations: Reservations = field(default_factory=Reservations)
    networks: tuple[str, ...] = ()
    has_healthcheck: bool = False
    stop_grace: float = 10.0
    force: int = 0


@dataclass(frozen=True, slots=True)
class EndpointSpec:
    """How a service is reached: `mode` vip or dnsrr."""

    mode: str = "vip"
    ports: tuple[PublishedPort, ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """When a job runs automatically: a cron line, and the name of a time zone (empty: the machine's).

    `concurrency` is forbid or queue, `missed_fires` one or skip.
    """

    cron: str
    timezone: str = ""
    concurrency: str = "forbid"
    missed_fires: str = "one"


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """One service. `replicas` counts tasks (for a job: completions), `max_concurrent` a job's tasks at a time.

    `depends_on` maps names of services to the condition that each has to meet before this service first starts
    (service_started, service_healthy, service_completed_successfully). `follows`: dependencies whose updates restart
    this service (orchestrator/following.py). `bug_compatible`: jobs restart as a swarm's do, for ever
    (orchestrator/job.py). `schedules`: the job runs at these moments, and not on deployment.
    """

    name: str
    mode: Mode = Mode.REPLICATED
    replicas: int = 1
    max_concurrent: int = 0
    task: TaskTemplate = field(default_factory=TaskTemplate)
    endpoint: EndpointSpec = field(default_factory=EndpointSpec)
    update: UpdateConfig = field(default_factory=UpdateConfig)
    rollback: UpdateConfig = field(default_factory=UpdateConfig)
    labels: Mapping[str, str] = field(default_factory=dict)
    depends_on: Mapping[str, str] = field(default_factory=dict)
    follows: tuple[str, ...] = ()
    bug_compatible: bool = False
    schedules: tuple[ScheduleSpec, ...] = ()

    def forced(self) -> "ServiceSpec":
        """The same spec with a new `force`, which replaces all existing tasks."""
        return replace(self, task=replace(self.task, force=self.task.force + 1))
