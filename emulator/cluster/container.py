"""The engine's part of a task: the container to create for it. Made by `stack.py`, used by `agent/lifecycle.py`.

A frozen value with plain fields, so that specs compare with `==` and can be stored as JSON. Secrets
appear by reference and content hash only, never by value.
"""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class HealthSpec:
    """A health check in the engine's terms: `test` as the API takes it, times in nanoseconds; 0 inherits."""

    test: tuple[str, ...] = ()
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0


@dataclass(frozen=True, slots=True)
class FileMount:
    """A secret or config in the container. `digest` is the SHA-256 of its content: a change is a new spec.

    `key` is the name in the stack's store of payloads. `templated`: the payload is expanded per task.
    """

    kind: str
    key: str
    digest: str
    target: str
    uid: int = 0
    gid: int = 0
    mode: int = 0o444
    templated: bool = False


@dataclass(frozen=True, slots=True)
class MountSpec:
    """A mount in the engine's terms (`type` bind, volume, tmpfs, image). `source` may hold templates."""

    type: str
    target: str
    source: str = ""
    read_only: bool = False
    propagation: str = ""
    create_host_path: bool = False
    nocopy: bool = False
    subpath: str = ""
    tmpfs_size: int = 0
    tmpfs_mode: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    driver: str = ""
    driver_opts: Mapping[str, str] = field(default_factory=dict)
    selinux: str = ""
    recursive: str = ""


@dataclass(frozen=True, slots=True)
class NetworkAttachmentSpec:
    """An attachment to a network of the engine, by its engine name, with the names that peers may use."""

    network: str
    aliases: tuple[str, ...] = ()
    ipv4_address: str = ""
    ipv6_address: str = ""
    mac_address: str = ""
    priority: int = 0
    links: tuple[str, ...] = ()
    link_local_ips: tuple[str, ...] = ()
    driver_opts: Mapping[str, str] = field(default_factory=dict)
    gw_priority: int = 0


@dataclass(frozen=True, slots=True)
class HookSpec:
    """A command in the container: after its start, or before its stop signal."""

    command: tuple[str, ...]
    user: str = ""
    working_dir: str = ""
    env: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """One container. `options` holds further fields of the engine's HostConfig by their API names.

    `mac_address` is for a `network_mode` that is a network; network attachments have their own.
    `env` values, `hostname`, mount sources and targets may hold Go templates ({{.Task.Slot}} …).
    """

    image: str
    command: tuple[str, ...] | None = None
    args: tuple[str, ...] | None = None
    env: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    hostname: str = ""
    domainname: str = ""
    user: str = ""
    working_dir: str = ""
    groups: tuple[str, ...] = ()
    tty: bool = False
    stdin_open: bool = False
    init: bool | None = None
    stop_signal: str = ""
    health: HealthSpec | None = None
    mounts: tuple[MountSpec, ...] = ()
    files: tuple[FileMount, ...] = ()
    networks: tuple[NetworkAttachmentSpec, ...] = ()
    network_mode: str = ""
    mac_address: str = ""
    container_name: str = ""
    hosts: tuple[str, ...] = ()
    pull_policy: str = ""
    platform: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    exposed: tuple[str, ...] = ()
    pre_start: tuple["PreStartSpec", ...] = ()
    post_start: tuple[HookSpec, ...] = ()
    pre_stop: tuple[HookSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class PreStartSpec:
    """An init container, which ends before a task's container starts. `per_replica`: it runs before every task."""

    container: ContainerSpec
    per_replica: bool = False


def host_parts(text: str) -> tuple[str, str]:
    """The name and the address of a host; a bare name has no address."""
    name, _, at = text.partition("=" if "=" in text else ":")
    return name, at
