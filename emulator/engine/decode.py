"""Responses of the Engine API as values. Pure: parsed JSON in, values of `protocol.py` out.

Written against engine 20.10 (API 1.41) and 29 (API 1.56): what either of them omits or sets to null is read as empty.
`docker.py` calls these.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from stackferry.emulator.engine.image import Distribution, ImageInfo
from stackferry.emulator.engine.protocol import ContainerInfo, EngineEvent, EngineVersion
from stackferry.emulator.engine.resources import NetworkInfo, Pool, VolumeInfo
from stackferry.emulator.engine.usage import Usage

Json = Mapping[str, Any]

_NOT_LABELS = {"name", "image", "exitCode", "signal", "execDuration", "oldName", "container", "type"}


def one_line(words: str) -> str:
    """The engine's message as one line: newer engines list several complaints on separate lines."""
    first, *more = (line.strip(" \t*") for line in words.strip().splitlines() or [""])
    return " ".join(filter(None, (first, "; ".join(more)))) if first.endswith(":") else "; ".join((first, *more))


def _addresses(settings: Json, kind: str) -> dict[str, str]:
    """The addresses of one kind, by network."""
    return {name: leg[kind] for name, leg in (settings.get("Networks") or {}).items() if leg and leg.get(kind)}


def epoch(text: str) -> float:
    """An API time (RFC 3339, nanoseconds) as epoch seconds; the zero time is 0.0."""
    return 0.0 if not text or text.startswith("0001-") else datetime.fromisoformat(text).timestamp()


def version(info: Json, api: str, more: Callable[[], Json]) -> EngineVersion:
    """From GET /info; GET /version, equally slow, is asked only for what a rootless engine reports there."""
    rootless = any("name=rootless" in option for option in info.get("SecurityOptions") or ())
    components = (more().get("Components") or ()) if rootless else ()
    return EngineVersion(
        version=info.get("ServerVersion", ""),
        api=api,
        os=info.get("OSType", ""),
        arch=info.get("Architecture", ""),
        cpus=info.get("NCPU", 0),
        memory=info.get("MemTotal", 0),
        name=info.get("Name", ""),
        labels=dict(label.partition("=")[::2] for label in info.get("Labels") or ()),
        id=info.get("ID", ""),
        swarm=(info.get("Swarm") or {}).get("LocalNodeState", ""),
        rootless=rootless,
        unlimited=tuple(shown for key, shown in _LIMITS.items() if info.get(key) is False),
        root=info.get("DockerRootDir", ""),
        desktop=info.get("OperatingSystem") == "Docker Desktop",
        port_driver=next((found for one in components if (found := _port_driver(one))), ""),
    )


def _port_driver(component: Json) -> str:
    return str((component.get("Details") or {}).get("PortDriver") or "") if component["Name"] == "rootlesskit" else ""


_LIMITS = {"MemoryLimit": "memory", "CpuCfsQuota": "CPU", "PidsLimit": "number of processes"}


def container(answer: Json) -> ContainerInfo:
    """From GET /containers/{id}/json."""
    state, config, network = answer["State"], answer["Config"], answer.get("NetworkSettings") or {}
    health = (state.get("Health") or {}).get("Status", "")
    return ContainerInfo(
        id=answer["Id"],
        name=answer["Name"].lstrip("/"),
        image=config.get("Image", ""),
        labels=config.get("Labels") or {},
        status=state["Status"],
        exit_code=state.get("ExitCode", 0),
        error=one_line(state.get("Error", "")),
        oom_killed=state.get("OOMKilled", False),
        health="" if health == "none" else health,
        started_at=epoch(state.get("StartedAt", "")),
        finished_at=epoch(state.get("FinishedAt", "")),
        addresses=_addresses(network, "IPAddress"),
        addresses6=_addresses(network, "GlobalIPv6Address"),
        ports={
            port: tuple((one["HostIp"], one["HostPort"]) for one in bound)
            for port, bound in (network.get("Ports") or {}).items()
            if bound
        },
        pid=state.get("Pid", 0),
        tty=config.get("Tty", False),
        image_id=answer.get("Image", ""),
        endpoints={
            name: _asked(leg or {})
            for name, leg in (network.get("Networks") or {}).items()
            # A failed connection leaves its settings on a running container, but without an endpoint.
            if not state.get("Running") or (leg or {}).get("EndpointID")
        },
    )


def listed(answer: Json) -> ContainerInfo:
    """From one row of GET /containers/json."""
    ports: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in answer.get("Ports") or ():
        if row.get("PublicPort"):
            port = f"{row['PrivatePort']}/{row['Type']}"
            ports[port] = (*ports.get(port, ()), (row.get("IP", ""), str(row["PublicPort"])))
    # Links add names of the form `/other/alias`.
    name = next(one for one in answer["Names"] if one.count("/") == 1)
    return ContainerInfo(
        answer["Id"],
        name.lstrip("/"),
        answer.get("Image", ""),
        answer.get("Labels") or {},
        answer["State"],
        ports=ports,
    )


_ASKED = ("IPAMConfig", "Links", "Aliases", "DriverOpts", "GwPriority")
"""The fields of an endpoint that were asked for; the engine set all others."""


def _asked(leg: Json) -> dict[str, object]:
    return {key: leg[key] for key in _ASKED if leg.get(key)}


def event(answer: Json) -> EngineEvent:
    """From one line of GET /events."""
    actor, action = answer["Actor"], answer["Action"]
    attributes = actor.get("Attributes") or {}
    of_container = answer.get("Type") == "container"
    kind, _, health = action.partition(": ")
    exit_code = attributes.get("exitCode")
    return EngineEvent(
        kind=("health" if kind == "health_status" else kind) if of_container else f"{answer.get('Type')} {action}",
        container_id=actor["ID"] if of_container else attributes.get("container", ""),
        name=attributes.get("name", "" if of_container else actor["ID"]),
        labels={key: value for key, value in attributes.items() if key not in _NOT_LABELS},
        exit_code=None if exit_code is None else int(exit_code),
        health=health,
        at=answer.get("timeNano", 0) / 1e9,
    )


def distribution(answer: Json) -> Distribution:
    """From GET /distribution/{name}/json."""
    return Distribution(
        answer["Descriptor"]["digest"],
        tuple((one.get("os", ""), one.get("architecture", "")) for one in answer.get("Platforms") or ()),
    )


def network(answer: Json) -> NetworkInfo:
    """From GET /networks/{id}, or one row of GET /networks."""
    ipam = answer.get("IPAM") or {}
    pools = ipam.get("Config") or ()
    return NetworkInfo(
        id=answer["Id"],
        name=answer["Name"],
        driver=answer.get("Driver", ""),
        labels=answer.get("Labels") or {},
        subnets=tuple(pool["Subnet"] for pool in pools if pool.get("Subnet")),
        ip_ranges=tuple(pool["IPRange"] for pool in pools if pool.get("IPRange")),
        gateways=tuple(pool["Gateway"] for pool in pools if pool.get("Gateway")),
        internal=answer.get("Internal", False),
        options=answer.get("Options") or {},
        scope=answer.get("Scope", ""),
        legs=tuple(leg["Name"] for leg in (answer.get("Containers") or {}).values()),
        pools=tuple(map(pool, pools)),
        ipam_driver=ipam.get("Driver") or "default",
        ipam_options=ipam.get("Options") or {},
        ipv4=answer.get("EnableIPv4"),
        ipv6=answer.get("EnableIPv6", False),
        attachable=answer.get("Attachable", False),
    )


def pool(answer: Json) -> Pool:
    """From one entry of `IPAM.Config`."""
    others = answer.get("AuxiliaryAddresses") or {}
    return Pool(answer.get("Subnet") or "", answer.get("IPRange") or "", answer.get("Gateway") or "", dict(others))


def volume(answer: Json) -> VolumeInfo:
    """From GET /volumes/{name}, or one row of GET /volumes."""
    return VolumeInfo(
        name=answer["Name"],
        driver=answer.get("Driver", ""),
        labels=answer.get("Labels") or {},
        options=answer.get("Options") or {},
        mountpoint=answer.get("Mountpoint", ""),
    )


def image(answer: Json) -> ImageInfo:
    """From GET /images/{name}/json. Newer engines omit empty fields of `Config`."""
    config = answer.get("Config") or {}
    return ImageInfo(
        id=answer["Id"],
        tags=tuple(answer.get("RepoTags") or ()),
        digests=tuple(answer.get("RepoDigests") or ()),
        entrypoint=tuple(config.get("Entrypoint") or ()),
        command=tuple(config.get("Cmd") or ()),
        exposed=tuple(config.get("ExposedPorts") or ()),
        healthcheck=config.get("Healthcheck"),
        labels=config.get("Labels") or {},
        env=tuple(config.get("Env") or ()),
        user=config.get("User", ""),
        working_dir=config.get("WorkingDir", ""),
        stop_signal=config.get("StopSignal", ""),
        os=answer.get("Os", ""),
        arch=answer.get("Architecture", ""),
        size=int(answer.get("Size") or 0),
        created_at=epoch(answer.get("Created") or ""),
        tagged_at=epoch((answer.get("Metadata") or {}).get("LastTagTime") or ""),
    )


def usage(answer: Json) -> Usage:
    """From GET /containers/{id}/stats; cgroup 1 and 2 name the page cache differently."""
    memory, moved = answer.get("memory_stats") or {}, (answer.get("networks") or {}).values()
    details = memory.get("stats") or {}
    cache = details.get("total_inactive_file", details.get("inactive_file", 0))
    blocks = (answer.get("blkio_stats") or {}).get("io_service_bytes_recursive") or ()
    return Usage(
        at=epoch(answer.get("read", "")),
        cpu=answer["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9,
        memory=max(0, memory.get("usage", 0) - cache),
        memory_limit=memory.get("limit", 0),
        received=sum(one["rx_bytes"] for one in moved),
        sent=sum(one["tx_bytes"] for one in moved),
        read=sum(one["value"] for one in blocks if one["op"].lower() == "read"),
        written=sum(one["value"] for one in blocks if one["op"].lower() == "write"),
        pids=(answer.get("pids_stats") or {}).get("current", 0),
    )
