"""The intermediate model: what a compose stack means, ready for both back ends.

Frozen values only, every key of the Compose Specification in typed form, no string left to parse:
durations are `Duration`, sizes `Bytes`, ports `Port`, mounts `Mount`; a text with parts is a term that
knows them (`Restart`, `Namespace`; `terms.py` has them all, and what is text on purpose). A field that is
`None` was not set (or set to its zero value, which Docker Compose treats alike); mappings keep the
canonical order.
`compose/assemble.py` makes the model from the canonical tree, field by field: field names are the keys.

Siblings hold what has a noun of its own: `build.py`, `deploy.py`, `attachments.py`, `resources.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stackferry.grammar.compose.model.attachments import (
    CredentialSpec,
    Dependency,
    Device,
    DeviceRequest,
    EnvFile,
    Extends,
    FileReference,
    Hook,
    Logging,
    ModelBinding,
    Mount,
    NetworkAttachment,
    Port,
    Provider,
    Ulimit,
)
from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.deploy import Deploy
from stackferry.grammar.compose.model.resources import Config, Model, Network, Secret, Volume
from stackferry.grammar.compose.model.runtime import BlockIo, Develop, Healthcheck
from stackferry.grammar.compose.model.terms import (
    DnsOption,
    Exposed,
    Link,
    Namespace,
    Owner,
    Period,
    Platform,
    PullPolicy,
    Restart,
    SecurityOption,
    TmpfsMount,
    User,
    VolumesFrom,
)
from stackferry.grammar.compose.syntax.units import Bytes, Duration, Float32

Extensions = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `name` is its key under `services`; `environment` has the env files merged in.

    A variable without a value (`KEY:`) that nothing resolves is `None`.
    """

    name: str
    annotations: Mapping[str, str] = field(default_factory=dict)
    attach: bool | None = None
    blkio_config: BlockIo | None = None
    build: Build | None = None
    cap_add: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    cgroup: Namespace | None = None
    cgroup_parent: str | None = None
    command: tuple[str, ...] | None = None
    configs: tuple[FileReference, ...] = ()
    container_name: str | None = None
    cpu_count: int | None = None
    cpu_percent: Float32 | None = None
    cpu_period: int | None = None
    cpu_quota: int | None = None
    cpu_rt_period: int | None = None
    cpu_rt_runtime: int | None = None
    cpu_shares: int | None = None
    cpus: Float32 | None = None
    cpuset: str | None = None
    credential_spec: CredentialSpec | None = None
    depends_on: Mapping[str, Dependency] = field(default_factory=dict)
    deploy: Deploy | None = None
    develop: Develop | None = None
    device_cgroup_rules: tuple[str, ...] = ()
    devices: tuple[Device, ...] = ()
    dns: tuple[str, ...] = ()
    dns_opt: tuple[DnsOption, ...] = ()
    dns_search: tuple[str, ...] = ()
    domainname: str | None = None
    entrypoint: tuple[str, ...] | None = None
    env_file: tuple[EnvFile, ...] = ()
    environment: Mapping[str, str | None] = field(default_factory=dict)
    expose: tuple[Exposed, ...] = ()
    extends: Extends | None = None
    external_links: tuple[Link, ...] = ()
    extra_hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gpus: tuple[DeviceRequest, ...] = ()
    group_add: tuple[Owner, ...] = ()
    healthcheck: Healthcheck | None = None
    hostname: str | None = None
    image: str | None = None
    init: bool | None = None
    ipc: Namespace | None = None
    isolation: str | None = None
    label_file: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    logging: Logging | None = None
    mac_address: str | None = None
    mem_limit: Bytes | None = None
    mem_reservation: Bytes | None = None
    mem_swappiness: Bytes | None = None
    memswap_limit: Bytes | None = None
    models: Mapping[str, ModelBinding | None] = field(default_factory=dict)
    network_mode: Namespace | None = None
    networks: Mapping[str, NetworkAttachment | None] = field(default_factory=dict)
    oom_kill_disable: bool = False
    oom_score_adj: int | None = None
    pid: Namespace | None = None
    pids_limit: int | None = None
    platform: Platform | None = None
    ports: tuple[Port, ...] = ()
    post_start: tuple[Hook, ...] = ()
    pre_stop: tuple[Hook, ...] = ()
    privileged: bool = False
    profiles: tuple[str, ...] = ()
    provider: Provider | None = None
    pull_policy: PullPolicy | None = None
    pull_refresh_after: Period | None = None
    read_only: bool = False
    restart: Restart | None = None
    runtime: str | None = None
    scale: int | None = None
    secrets: tuple[FileReference, ...] = ()
    security_opt: tuple[SecurityOption, ...] = ()
    shm_size: Bytes | None = None
    stdin_open: bool = False
    stop_grace_period: Duration | None = None
    stop_signal: str | None = None
    storage_opt: Mapping[str, str] = field(default_factory=dict)
    sysctls: Mapping[str, str] = field(default_factory=dict)
    tmpfs: tuple[TmpfsMount, ...] = ()
    tty: bool = False
    ulimits: Mapping[str, Ulimit] = field(default_factory=dict)
    use_api_socket: bool = False
    user: User | None = None
    userns_mode: Namespace | None = None
    uts: Namespace | None = None
    volumes: tuple[Mount, ...] = ()
    volumes_from: tuple[VolumesFrom, ...] = ()
    working_dir: str | None = None
    extensions: Extensions = field(default_factory=dict)

    @property
    def replicas(self) -> int:
        """How many tasks are wanted: `scale`, else `deploy.replicas`, else 1."""
        if self.scale is not None:
            return self.scale
        if self.deploy is not None and self.deploy.replicas is not None:
            return self.deploy.replicas
        return 1


@dataclass(frozen=True, slots=True)
class Project:
    """A whole stack. `directory` is the absolute project directory that relative paths were joined to.

    `services` holds the enabled services, `disabled` those that no active profile enables.
    `environment` is what interpolation saw.
    """

    name: str
    directory: str
    services: Mapping[str, Service] = field(default_factory=dict)
    disabled: Mapping[str, Service] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)
    volumes: Mapping[str, Volume] = field(default_factory=dict)
    configs: Mapping[str, Config] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    models: Mapping[str, Model] = field(default_factory=dict)
    extensions: Extensions = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
