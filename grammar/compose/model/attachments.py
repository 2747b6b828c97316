"""Model of what is attached to a service: ports, mounts, networks, devices, files, dependencies, hooks.

Part of the intermediate model (`model.py`).
"""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.compose.model.terms import Owner, PortRange, User
from stackferry.grammar.compose.syntax.units import Bytes, FileMode
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Port:
    """One container port; 0, which Docker Compose accepts in the long syntax, means no port.

    `published` may be a range (`8000-8010`); None: not fixed.
    """

    target: int = 0
    published: PortRange | None = None
    host_ip: str | None = None
    protocol: str = "tcp"
    mode: str = "ingress"
    name: str | None = None
    app_protocol: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)

    @property
    def bounds(self) -> tuple[int, int]:
        """The first and last host port it may be published on; zeros if none is fixed, or if it is not a number."""
        return (self.published and self.published.bounds) or (0, 0)


@dataclass(frozen=True, slots=True)
class BindOptions:
    """`volumes[].bind`: how a host path is mounted."""

    propagation: str | None = None
    create_host_path: bool = False
    recursive: str | None = None
    selinux: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VolumeOptions:
    """`volumes[].volume`: how a named volume is mounted."""

    labels: Mapping[str, str] = field(default_factory=dict)
    nocopy: bool = False
    subpath: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TmpfsOptions:
    """`volumes[].tmpfs`: size in bytes, mode as permission bits."""

    size: Bytes | None = None
    mode: int | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImageOptions:
    """`volumes[].image`: the part of an image that is mounted."""

    subpath: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mount:
    """One mount. `type` is bind, volume, tmpfs, image, npipe or cluster.

    `source` is an absolute host path for a bind, the key of a top-level volume for a volume
    (None: anonymous), an image reference for an image.
    """

    type: str
    target: str = ""
    source: str | None = None
    read_only: bool = False
    consistency: str | None = None
    bind: BindOptions | None = None
    volume: VolumeOptions | None = None
    tmpfs: TmpfsOptions | None = None
    image: ImageOptions | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileReference:
    """A config or secret as one service mounts it; `source` is the key of the top-level entry."""

    source: str = ""
    target: str | None = None
    uid: Owner | None = None
    gid: Owner | None = None
    mode: FileMode | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NetworkAttachment:
    """How a service joins one network; under its own name too, unless `use_service_name_alias` is false."""

    aliases: tuple[str, ...] = ()
    driver_opts: Mapping[str, str] = field(default_factory=dict)
    gw_priority: int | None = None
    interface_name: str | None = None
    ipv4_address: str | None = None
    ipv6_address: str | None = None
    link_local_ips: tuple[str, ...] = ()
    mac_address: str | None = None
    priority: int | None = None
    use_service_name_alias: bool | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


STARTED, HEALTHY, COMPLETED = "service_started", "service_healthy", "service_completed_successfully"
"""The conditions of `depends_on`."""


@dataclass(frozen=True, slots=True)
class Dependency:
    """A dependency of a service, with one of the three conditions."""

    condition: str = STARTED
    required: bool = True
    restart: bool = False
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Device:
    """A host device in the container; `permissions` is a subset of `rwm`."""

    source: str = ""
    target: str = ""
    permissions: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeviceRequest:
    """A request for devices such as GPUs; `count` -1 means all."""

    capabilities: tuple[str, ...] = ()
    driver: str | None = None
    count: int | None = None
    device_ids: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EnvFile:
    """An env file as written, path made absolute. Its variables are in `Service.environment` already."""

    path: str = ""
    required: bool = True
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Extends:
    """The service that a service extends; kept only if loading was told not to resolve it."""

    service: str = ""
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Ulimit:
    """A resource limit: `single` for both, or `soft` and `hard`; -1 is unlimited."""

    single: int | None = None
    soft: int | None = None
    hard: int | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Logging:
    """The engine's log driver and its options."""

    driver: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CredentialSpec:
    """A Windows credential spec: from a config, a file or the registry."""

    config: str | None = None
    file: str | None = None
    registry: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hook:
    """A command that runs in the container after start or before stop."""

    command: tuple[str, ...] | None = None
    user: User | None = None
    privileged: bool = False
    working_dir: str | None = None
    environment: Mapping[str, str | None] = field(default_factory=dict)
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provider:
    """A service that something outside the engine provides; options may repeat."""

    type: str = ""
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelBinding:
    """The variables through which a service learns of an AI model."""

    endpoint_var: str | None = None
    model_var: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)
