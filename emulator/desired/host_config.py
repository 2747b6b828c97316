"""The service keys that the engine's HostConfig takes unchanged: one table from field to the function that makes it.

Part of `container.py`. Options that need the task (mounts, ports, networks) or name other services are made elsewhere.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping

from stackferry.emulator.cluster.spec import enough_cpus
from stackferry.emulator.desired.findings import Findings
from stackferry.grammar.compose.model.attachments import Device, DeviceRequest, Ulimit
from stackferry.grammar.compose.model.deploy import Resource
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.runtime import ThrottleDevice
from stackferry.grammar.compose.syntax.quantities import nano_cpus
from stackferry.grammar.files import Files
from stackferry.grammar.key_path import Path
from stackferry.grammar.regex import regex

_WORD, _END = "[A-Za-z]", "[A-Za-z0-9]"
_CDI = regex(f"{_WORD}([\\w.-]*{_END})?/{_WORD}([\\w-]*{_END})?={_END}([\\w.:-]*{_END})?", re.ASCII)
"""A device by its Container Device Interface name, `vendor.com/class=name`: no path on the host."""


def host_options(service: Service, files: Files, findings: Findings) -> dict[str, object]:
    """The fields of HostConfig that the service sets, in the order of the table."""
    made = ((name, make(service)) for name, make in _FIELDS.items())
    options = {name: value for name, value in made if value not in (None, (), [], {}, "", False)}
    return {
        **_cpu_limit(service, findings),
        **options,
        **_security(service, files, findings),
    }


def _limits(service: Service) -> Resource:
    resources = service.deploy.resources if service.deploy else None
    return (resources.limits if resources else None) or Resource()


def _reserved_devices(service: Service) -> tuple[DeviceRequest, ...]:
    resources = service.deploy.resources if service.deploy else None
    return resources.reservations.devices if resources and resources.reservations else ()


def cpus(written: float | None, path: Path, findings: Findings) -> int:
    """A number of CPUs in the engine's unit, 0 for no limit; refuses values that no task can have."""
    try:
        # The text form is free of 32-bit rounding errors.
        return enough_cpus(nano_cpus(str(written))) if written else 0
    except ValueError as error:
        findings.refuse(path, "cpus", str(error))
        return 0


def _cpu_limit(service: Service, findings: Findings) -> dict[str, object]:
    limit = _limits(service).cpus
    key = ("deploy", "resources", "limits") if limit else ()
    found = cpus(limit or service.cpus, ("services", service.name, *key, "cpus"), findings)
    return {"NanoCpus": found} if found else {}


def _capabilities(service: Service) -> tuple[list[str], list[str]]:
    if not service.cap_add and not service.cap_drop:
        return [], []
    # Imported here: few services set capabilities, and every start would pay for the import.
    from stackferry.grammar.compose.syntax.capability import capability

    # Both lists in full, as docker compose passes them on: ALL added and CHOWN dropped is all but CHOWN.
    return [capability(one) for one in service.cap_add], [capability(one) for one in service.cap_drop]


def _number(value: int | None) -> int | None:
    return None if value is None else int(value)


def _throttles(devices: Iterable[ThrottleDevice]) -> list[dict[str, object]]:
    return [{"Path": one.path, "Rate": int(one.rate or 0)} for one in devices]


def _blkio(name: str) -> Callable[[Service], object]:
    def throttles(service: Service) -> object:
        return _throttles(getattr(service.blkio_config, name)) if service.blkio_config else None

    return throttles


def _weights(service: Service) -> object:
    devices = service.blkio_config.weight_device if service.blkio_config else ()
    return [{"Path": one.path, "Weight": one.weight} for one in devices]


def _devices(service: Service) -> object:
    return [
        {
            "PathOnHost": one.source,
            "PathInContainer": one.target or one.source,
            "CgroupPermissions": one.permissions or "rwm",
        }
        for one in service.devices
        if not _is_cdi(one)
    ]


def _is_cdi(device: Device) -> bool:
    return device.source == (device.target or device.source) and _CDI.fullmatch(device.source) is not None


def _requests(service: Service) -> object:
    """`gpus` requests the capability gpu implicitly; a reserved device lists all capabilities that it needs."""
    gpus = [_request(one, tuple(dict.fromkeys((*one.capabilities, "gpu")))) for one in service.gpus]
    reserved = [_request(one, one.capabilities) for one in _reserved_devices(service)]
    named = [one.source for one in service.devices if _is_cdi(one)]
    return [*([{"Driver": "cdi", "DeviceIDs": named}] if named else []), *gpus, *reserved]


def _request(asked: DeviceRequest, capabilities: tuple[str, ...]) -> dict[str, object]:
    return {
        "Driver": asked.driver or "",
        "Count": (0 if asked.device_ids else -1) if asked.count is None else asked.count,
        "DeviceIDs": list(asked.device_ids),
        "Capabilities": [list(capabilities)],
        "Options": dict(asked.options),
    }


def _ulimits(service: Service) -> object:
    return [{"Name": name, **_range(service.ulimits[name])} for name in sorted(service.ulimits)]


def _range(limit: Ulimit) -> dict[str, int]:
    if limit.single is not None:
        return {"Soft": limit.single, "Hard": limit.single}
    return {"Soft": limit.soft or 0, "Hard": limit.hard or 0}


def _logging(service: Service) -> object:
    logging = service.logging
    return {"Type": logging.driver or "", "Config": dict(logging.options)} if logging else None


def _tmpfs(service: Service) -> object:
    return {one.target: ",".join(one.options) for one in service.tmpfs}


_FIELDS: Mapping[str, Callable[[Service], object]] = {
    "Memory": lambda service: _number(_limits(service).memory or service.mem_limit),
    "PidsLimit": lambda service: _number(_limits(service).pids or service.pids_limit),
    "MemoryReservation": lambda service: _number(service.mem_reservation),
    "MemorySwap": lambda service: _number(service.memswap_limit),
    "MemorySwappiness": lambda service: _number(service.mem_swappiness),
    "OomKillDisable": lambda service: service.oom_kill_disable,
    "OomScoreAdj": lambda service: service.oom_score_adj,
    "CpuShares": lambda service: service.cpu_shares,
    "CpuPeriod": lambda service: service.cpu_period,
    "CpuQuota": lambda service: service.cpu_quota,
    "CpuRealtimePeriod": lambda service: service.cpu_rt_period,
    "CpuRealtimeRuntime": lambda service: service.cpu_rt_runtime,
    "CpuCount": lambda service: service.cpu_count,
    "CpuPercent": lambda service: int(service.cpu_percent) if service.cpu_percent else None,
    "CpusetCpus": lambda service: service.cpuset,
    "BlkioWeight": lambda service: service.blkio_config.weight if service.blkio_config else None,
    "BlkioWeightDevice": _weights,
    "BlkioDeviceReadBps": _blkio("device_read_bps"),
    "BlkioDeviceReadIOps": _blkio("device_read_iops"),
    "BlkioDeviceWriteBps": _blkio("device_write_bps"),
    "BlkioDeviceWriteIOps": _blkio("device_write_iops"),
    "Devices": _devices,
    "DeviceCgroupRules": lambda service: list(service.device_cgroup_rules),
    "DeviceRequests": _requests,
    "Ulimits": _ulimits,
    "ShmSize": lambda service: _number(service.shm_size),
    "Tmpfs": _tmpfs,
    "StorageOpt": lambda service: dict(service.storage_opt),
    "CapAdd": lambda service: _capabilities(service)[0],
    "CapDrop": lambda service: _capabilities(service)[1],
    "Privileged": lambda service: service.privileged,
    "ReadonlyRootfs": lambda service: service.read_only,
    "Sysctls": lambda service: dict(service.sysctls),
    "Dns": lambda service: list(service.dns),
    "DnsOptions": lambda service: list(map(str, service.dns_opt)),
    "DnsSearch": lambda service: list(service.dns_search),
    "LogConfig": _logging,
    "UTSMode": lambda service: service.uts and str(service.uts),
    "UsernsMode": lambda service: service.userns_mode and str(service.userns_mode),
    "CgroupnsMode": lambda service: service.cgroup and str(service.cgroup),
    "CgroupParent": lambda service: service.cgroup_parent,
    "Runtime": lambda service: service.runtime,
    "Isolation": lambda service: service.isolation,
    "Annotations": lambda service: dict(service.annotations),
}


def _security(service: Service, files: Files, findings: Findings) -> dict[str, object]:
    """`security_opt` as docker's CLI sends it: a seccomp profile as its content, not its path."""
    options: list[str] = []
    more: dict[str, object] = {}
    for index, option in enumerate(service.security_opt):
        path: Path = ("services", service.name, "security_opt", index)
        name, value = option.name, option.value
        if name == "systempaths" and value == "unconfined":
            more |= {"MaskedPaths": [], "ReadonlyPaths": []}
        elif name == "seccomp" and value not in ("unconfined", "builtin"):
            options.append(f"seccomp={_profile(value or '', path, files, findings)}")
        else:
            options.append(name if value is None else f"{name}={value}")
    options += _credentials(service, findings)
    return {**({"SecurityOpt": options} if options else {}), **more}


def _profile(path: str, key: Path, files: Files, findings: Findings) -> str:
    try:
        return json.dumps(json.loads(files.read(path)), separators=(",", ":"))
    except OSError as error:
        findings.refuse(key, "seccomp-unreadable", f"cannot read {path}: {error.strerror or error}", "correct the path")
    except (ValueError, RecursionError) as error:
        findings.refuse(key, "seccomp-syntax", f"{path} is not valid JSON: {error}", "give the path of a JSON file")
    return ""


def _credentials(service: Service, findings: Findings) -> list[str]:
    spec = service.credential_spec
    if spec is None:
        return []
    if spec.config:
        path: Path = ("services", service.name, "credential_spec", "config")
        findings.notes.later(path, "credential-config", "a credential spec from a config is ignored", "use file")
    sources = (("file", spec.file), ("registry", spec.registry))
    return [f"credentialspec={kind}://{value}" for kind, value in sources if value]
