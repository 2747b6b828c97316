"""Model of containers: the keys that services, jobs and `pre_start` containers have in common.

Part of the intermediate model (`model.py`).
"""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.compose.model.attachments import (
    CredentialSpec,
    Dependency,
    Device,
    DeviceRequest,
    EnvFile,
    FileReference,
    Logging,
    ModelBinding,
    Mount,
    NetworkAttachment,
    Port,
    Ulimit,
)
from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.runtime import BlockIo, Healthcheck
from stackferry.grammar.compose.model.terms import (
    DnsOption,
    Exposed,
    Namespace,
    Owner,
    Period,
    Platform,
    PullPolicy,
    SecurityOption,
    TmpfsMount,
    User,
    VolumesFrom,
)
from stackferry.grammar.compose.syntax.units import Bytes, Duration, Float32
from stackferry.grammar.lazy_dataclass import dataclass


# Neither this nor Workload is instantiated; the methods that `dataclass` writes for eighty fields take milliseconds.
@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)
class Container:
    """One container to run. `environment` includes the env files, `umask` is permission bits.

    `name` is the key of the service or job; a `pre_start` container has none. A variable without a value (`KEY:`)
    that nothing resolves is `None`.
    """

    name: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict)
    blkio_config: BlockIo | None = None
    cap_add: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    cgroup: Namespace | None = None
    cgroup_parent: str | None = None
    command: tuple[str, ...] | None = None
    configs: tuple[FileReference, ...] = ()
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
    device_cgroup_rules: tuple[str, ...] = ()
    devices: tuple[Device, ...] = ()
    dns: tuple[str, ...] = ()
    dns_opt: tuple[DnsOption, ...] = ()
    dns_search: tuple[str, ...] = ()
    domainname: str | None = None
    entrypoint: tuple[str, ...] | None = None
    env_file: tuple[EnvFile, ...] = ()
    environment: Mapping[str, str | None] = field(default_factory=dict)
    extra_hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gpus: tuple[DeviceRequest, ...] = ()
    group_add: tuple[Owner, ...] = ()
    hostname: str | None = None
    image: str | None = None
    init: bool | None = None
    ipc: Namespace | None = None
    isolation: str | None = None
    label_file: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
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
    privileged: bool = False
    pull_policy: PullPolicy | None = None
    pull_refresh_after: Period | None = None
    read_only: bool = False
    runtime: str | None = None
    secrets: tuple[FileReference, ...] = ()
    security_opt: tuple[SecurityOption, ...] = ()
    shm_size: Bytes | None = None
    stop_grace_period: Duration | None = None
    stop_signal: str | None = None
    storage_opt: Mapping[str, str] = field(default_factory=dict)
    sysctls: Mapping[str, str] = field(default_factory=dict)
    tmpfs: tuple[TmpfsMount, ...] = ()
    ulimits: Mapping[str, Ulimit] = field(default_factory=dict)
    umask: int | None = None
    use_api_socket: bool = False
    user: User | None = None
    userns_mode: Namespace | None = None
    uts: Namespace | None = None
    volumes: tuple[Mount, ...] = ()
    volumes_from: tuple[VolumesFrom, ...] = ()
    working_dir: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PreStart(Container):
    """An entry of `pre_start`: a container that has to run and succeed before the service starts.

    Keys that it does not set come from its service, except `volumes`, where the service's mounts are added. It
    runs once for the service, or with `per_replica` once for each replica.
    """

    per_replica: bool = False


@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)
class Workload(Container):
    """A container that runs by itself: a service or a job."""

    build: Build | None = None
    depends_on: Mapping[str, Dependency] = field(default_factory=dict)
    expose: tuple[Exposed, ...] = ()
    healthcheck: Healthcheck | None = None
    ports: tuple[Port, ...] = ()
    stdin_open: bool = False
    tty: bool = False
