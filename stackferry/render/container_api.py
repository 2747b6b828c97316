"""A container's spec as the `ContainerSpec` of Docker's API. The environment is unchanged; secrets are only names."""

from collections.abc import Callable, Mapping
from typing import Any

from stackferry.emulator.cluster.container import ContainerSpec, FileMount, HealthSpec, MountSpec, host_parts
from stackferry.grammar.compose.syntax.capability import capability
from stackferry.render.image_names import familiar

_PLAIN: Mapping[str, Callable[[ContainerSpec], Any]] = {
    "Image": lambda spec: familiar(spec.image),
    "Labels": lambda spec: dict(sorted(spec.labels.items())),
    "Command": lambda spec: list(spec.command or ()),
    "Args": lambda spec: list(spec.args or ()),
    "Hostname": lambda spec: spec.hostname,
    "Env": lambda spec: list(spec.env),
    "Dir": lambda spec: spec.working_dir,
    "User": lambda spec: spec.user,
    "Groups": lambda spec: list(spec.groups),
    "Init": lambda spec: spec.init,
    "StopSignal": lambda spec: spec.stop_signal,
    "TTY": lambda spec: spec.tty,
    "OpenStdin": lambda spec: spec.stdin_open,
    "ReadOnly": lambda spec: spec.options.get("ReadonlyRootfs"),
    "Mounts": lambda spec: [_mount(one) for one in spec.mounts],
    "Healthcheck": lambda spec: _health(spec.health) if spec.health else None,
    "Hosts": lambda spec: [_host(one) for one in spec.hosts],
    "DNSConfig": lambda spec: _dns(spec.options),
    "Secrets": lambda spec: [_file(one) for one in spec.files if one.kind == "secret"],
    "Configs": lambda spec: [_file(one) for one in spec.files if one.kind == "config"],
    "Sysctls": lambda spec: spec.options.get("Sysctls"),
    "CapabilityAdd": lambda spec: _capabilities(spec, "CapAdd"),
    "CapabilityDrop": lambda spec: _capabilities(spec, "CapDrop"),
    "Ulimits": lambda spec: spec.options.get("Ulimits"),
}


def container_object(spec: ContainerSpec, grace: float) -> dict[str, Any]:
    """The fields that are set; those that a swarm does not have are under `HostConfig`."""
    found = {name: value for name, make in _PLAIN.items() if (value := make(spec)) not in (None, "", [], {}, False)}
    if spec.init is False:
        found["Init"] = False
    found["StopGracePeriod"] = round(grace * 1_000_000_000)
    found["Isolation"] = "default"
    more = {name: value for name, value in spec.options.items() if name not in _ELSEWHERE}
    return {**found, **({"HostConfig": more} if more else {})}


_ELSEWHERE = frozenset(
    [
        "ReadonlyRootfs",
        "Dns",
        "DnsSearch",
        "DnsOptions",
        "Sysctls",
        "CapAdd",
        "CapDrop",
        "Ulimits",
        "NanoCpus",
        "Memory",
        "PidsLimit",
        "LogConfig",
    ]
)


def _host(entry: str) -> str:
    """The entry in the format of /etc/hosts, as swarm stores it."""
    name, at = host_parts(entry)
    return f"{at} {name}"


def _capabilities(spec: ContainerSpec, key: str) -> list[str]:
    found: Any = spec.options.get(key) or ()
    return [capability(one) for one in found]


def log_driver(spec: ContainerSpec) -> dict[str, Any]:
    """The template's `LogDriver`, if there is one."""
    found: Any = spec.options.get("LogConfig") or {}
    return {new: found[old] for new, old in (("Name", "Type"), ("Options", "Config")) if found.get(old)}


def _mount(mount: MountSpec) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if mount.propagation:
        options["BindOptions"] = {"Propagation": mount.propagation}
    if mount.labels or mount.nocopy or mount.driver:
        options["VolumeOptions"] = {
            **({"NoCopy": True} if mount.nocopy else {}),
            **({"Labels": dict(mount.labels)} if mount.labels else {}),
            **({"DriverConfig": {"Name": mount.driver, "Options": dict(mount.driver_opts)}} if mount.driver else {}),
        }
    if mount.tmpfs_size or mount.tmpfs_mode:
        options["TmpfsOptions"] = {"SizeBytes": mount.tmpfs_size, "Mode": mount.tmpfs_mode}
    return {
        "Type": mount.type,
        **({"Source": mount.source} if mount.source else {}),
        "Target": mount.target,
        **({"ReadOnly": True} if mount.read_only else {}),
        **options,
    }


def _health(health: HealthSpec) -> dict[str, Any]:
    parts = {
        "Test": list(health.test),
        "Interval": health.interval,
        "Timeout": health.timeout,
        "StartPeriod": health.start_period,
        "StartInterval": health.start_interval,
        "Retries": health.retries,
    }
    return {name: value for name, value in parts.items() if value}


def _dns(options: Mapping[str, object]) -> dict[str, object]:
    names = (("Nameservers", "Dns"), ("Search", "DnsSearch"), ("Options", "DnsOptions"))
    return {name: options[key] for name, key in names if options.get(key)}


def shown_target(mount: FileMount) -> str:
    """The target as in a compose file: relative to the folder of secrets and configs."""
    short = mount.target.removeprefix("/run/secrets/" if mount.kind == "secret" else "/")
    return mount.target if "/" in short else short


def _file(mount: FileMount) -> dict[str, Any]:
    kind = mount.kind.title()
    return {
        "File": {"Name": shown_target(mount), "UID": str(mount.uid), "GID": str(mount.gid), "Mode": mount.mode},
        f"{kind}ID": mount.digest[:25],
        f"{kind}Name": mount.key,
    }
