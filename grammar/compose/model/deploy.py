"""Model of `services.*.deploy`: how a service runs on a cluster. Part of the intermediate model."""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.compose.model.attachments import DeviceRequest
from stackferry.grammar.compose.model.terms import Constraint
from stackferry.grammar.compose.syntax.units import Bytes, Duration, Float32
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class DiscreteResource:
    """A countable resource of a node: its kind and how many."""

    kind: str = ""
    value: int = 0
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GenericResource:
    """One generic resource reservation."""

    discrete_resource_spec: DiscreteResource | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resource:
    """One side of `resources`: a limit or a reservation. `cpus` in CPUs, `memory` in bytes."""

    cpus: Float32 | None = None
    memory: Bytes | None = None
    pids: int | None = None
    devices: tuple[DeviceRequest, ...] = ()
    generic_resources: tuple[GenericResource, ...] = ()
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resources:
    """Limits and reservations."""

    limits: Resource | None = None
    reservations: Resource | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UpdatePolicy:
    """`update_config` or `rollback_config`; `parallelism` 0 means all at once, None means unset."""

    parallelism: int | None = None
    delay: Duration | None = None
    failure_action: str | None = None
    monitor: Duration | None = None
    max_failure_ratio: Float32 | None = None
    order: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """`restart_policy`: condition is any, on-failure or none (free text in the specification)."""

    condition: str | None = None
    delay: Duration | None = None
    max_attempts: int | None = None
    window: Duration | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preference:
    """A placement preference: spread over the values of a node label."""

    spread: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where tasks may run."""

    constraints: tuple[Constraint, ...] = ()
    preferences: tuple[Preference, ...] = ()
    max_replicas_per_node: int | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deploy:
    """The `deploy` section. `mode` is replicated (None), global, replicated-job or global-job."""

    mode: str | None = None
    replicas: int | None = None
    endpoint_mode: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    placement: Placement | None = None
    resources: Resources | None = None
    restart_policy: RestartPolicy | None = None
    rollback_config: UpdatePolicy | None = None
    update_config: UpdatePolicy | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)
