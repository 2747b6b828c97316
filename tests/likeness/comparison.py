"""Compares two runs of one stack: every difference, the compose keys behind it, a verdict.

A key that `explain` calls exact must mean the same on both. So a difference needs a row of the report that is worse
than exact, at one of the keys that could be behind it; where there is none, the report says too much.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stackferry.grammar.compose.model.model import Project, Service
from tests.likeness.facts import Fact, Facts

Row = Mapping[str, Any]
"""A row of `explain --format json`."""
FAITHFUL = ("exact", "not applicable")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a service's container sees in one place (`here`) and in another (`there`); None: nothing of the kind."""

    service: str
    fact: Fact
    here: str | None
    there: str | None

    def __str__(self) -> str:
        return f"{self.service}: {' '.join(self.fact)} is {self.here!r} on the emulator and {self.there!r} on the node"


PLATFORM: Mapping[Fact, str] = {
    ("env", "HOSTNAME"): "the container's id, or the pod's name",
    ("env", "SHLVL"): "how the script is started",
    ("env", "PWD"): "how the script is started",
    ("env", "_"): "how the script is started",
    ("env", "HOME"): "set by the engine from the image's passwd, by containerd alike unless the image has none",
    ("env", "TERM"): "how the script is started",
    ("host",): "the container's id, or the pod's name",
    (
        "sysctl",
        "net.ipv4.ip_unprivileged_port_start",
    ): "pods have Docker's where they listen on a low port",
    **{
        ("dns", option): "what the resolver of the place is told"
        for option in ("ndots:0", "ndots:5", "edns0", "trust-ad")
    },
    **{
        ("env", f"KUBERNETES_{name}"): "the address of the API server, which no pod can do without"
        for name in (
            *("PORT", "PORT_443_TCP", "PORT_443_TCP_ADDR", "PORT_443_TCP_PORT", "PORT_443_TCP_PROTO"),
            *("SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_HTTPS"),
        )
    },
}
"""Facts that no key says anything about unless it is there (`hostname`), and why they differ."""
PLATFORM_VARIABLES = frozenset(fact[1] for fact in PLATFORM if fact[0] == "env")


def differences(here: Mapping[str, Facts], there: Mapping[str, Facts]) -> Iterator[Difference]:
    """Every fact that is not the same in both, by service, in order."""
    for service in sorted({*here, *there}):
        mine, its = here.get(service, Facts()), there.get(service, Facts())
        for fact in sorted({*mine.answers, *its.answers}):
            if mine.answers.get(fact) != its.answers.get(fact):
                yield Difference(service, fact, mine.answers.get(fact), its.answers.get(fact))
        if mine.code != its.code:
            codes = (None if one.code is None else str(one.code) for one in (mine, its))
            yield Difference(service, ("code",), *codes)


def unannounced(found: Sequence[Difference], project: Project, rows: Sequence[Row]) -> Iterator[str]:
    """A complaint about each difference of which no key that could be behind it is worse than exact."""
    for difference in found:
        keys = behind(difference, project)
        if difference.fact in PLATFORM and not keys:
            continue
        near = [row for row in rows if any(_touches(row["key"], key) for key in keys)]
        if any(row["fate"] not in FAITHFUL for row in near):
            continue
        said = ", ".join(f"{row['key']} ({row['fate']})" for row in near)
        yield f"{difference}; {said or 'no key'} announced it"


def behind(difference: Difference, project: Project) -> list[str]:
    """The keys that could be behind a difference, as `explain` writes them; a prefix stands for all below it."""
    keys = _BEHIND[difference.fact[0]](difference, project.services[difference.service], project)
    return [key for key in keys if _is_there(key, project)]


def _touches(key: str, wanted: str) -> bool:
    """Whether a row is of that key, of one below it or of the item that holds it; a service is none of its keys."""
    if wanted.count(".") == 1 and wanted.startswith("services."):
        return key == wanted
    return key == wanted or key.startswith((f"{wanted}.", f"{wanted}[")) or wanted.startswith((f"{key}.", f"{key}["))


def _is_there(key: str, project: Project) -> bool:
    """Whether the model has something under a key of a service: what nobody wrote announces nothing."""
    section, name, *rest = key.split(".", 2)
    if section != "services" or not rest:
        return True
    return bool(getattr(project.services[name], rest[0].partition(".")[0].partition("[")[0], True))


def _name(difference: Difference, service: Service, project: Project) -> list[str]:
    """That networks are one says why more is reached on the node, but never why less is."""
    asked, path = difference.fact[1], f"services.{service.name}"
    keys = [f"{path}.{key}" for key in ("network_mode", "extra_hosts", "links", "dns")]
    for other in project.services.values():
        aliases = {name: network.aliases for name, network in other.networks.items() if network}
        if asked in {
            other.name,
            other.container_name,
            other.hostname,
            *(word for of in aliases.values() for word in of),
        }:
            named = f"services.{other.name}"
            keys.append(named)
            keys += [f"{named}.{key}" for key in ("container_name", "hostname", "network_mode", "deploy")]
            keys += [f"{named}.networks.{name}.aliases" for name, words in aliases.items() if asked in words]
    if difference.here in ("unknown", "closed"):
        keys += [f"{path}.networks", *(f"networks.{network}" for network in project.networks)]
    return keys


def _port(difference: Difference, service: Service, project: Project) -> list[str]:
    owner = next((other for other in project.services if other == difference.fact[1]), None)
    ports = [f"services.{owner}.ports", f"services.{owner}.expose"] if owner else []
    return [*_name(difference, service, project), *ports]


def _variable(difference: Difference, service: Service, project: Project) -> list[str]:
    path = f"services.{service.name}"
    name = difference.fact[1]
    if name in PLATFORM_VARIABLES and name not in service.environment:
        return []
    return [f"{path}.environment.{name}"] if name in service.environment else [f"{path}.env_file"]


def _file(difference: Difference, service: Service, project: Project) -> list[str]:
    path, file = f"services.{service.name}", difference.fact[1]
    keys = [f"{path}.{key}" for key in ("user", "read_only", "group_add")]
    keys += [
        f"{path}.volumes[{index}]"
        for index, mount in enumerate(service.volumes)
        if f"{file}/".startswith(f"{mount.target.rstrip('/')}/")
    ]
    for section, base in (("configs", "/"), ("secrets", "/run/secrets/")):
        for index, used in enumerate(getattr(service, section)):
            target = used.target or used.source
            if file == (target if target.startswith("/") else base + target):
                keys += [f"{path}.{section}[{index}]", f"{section}.{used.source}"]
    return [*keys, *([f"{path}.tmpfs"] if service.tmpfs else [])]


def _of_service(*keys: str) -> Callable[[Difference, Service, Project], list[str]]:
    return lambda _, service, project: [f"services.{service.name}.{key}" for key in keys]


def _order(difference: Difference, service: Service, project: Project) -> list[str]:
    return [f"services.{service.name}.depends_on.{difference.fact[1]}"]


_BEHIND: Mapping[str, Callable[[Difference, Service, Project], list[str]]] = {
    "name": _name,
    "port": _port,
    "env": _variable,
    "file": _file,
    "mode": _file,
    "owner": _file,
    "writable": _file,
    "host": _of_service("hostname"),
    "user": _of_service("user", "group_add"),
    "folder": _of_service("working_dir"),
    "root": _of_service("read_only", "user"),
    "groups": _of_service("user", "group_add", "volumes"),
    "capabilities": _of_service("cap_add", "cap_drop", "privileged", "user"),
    "privileges": _of_service("security_opt"),
    "seccomp": _of_service("security_opt", "privileged"),
    "process": _of_service("command", "entrypoint", "init", "pid"),
    "size": _of_service("shm_size", "tmpfs", "volumes", "ipc"),
    "memory": _of_service("mem_limit", "deploy.resources.limits.memory"),
    "cpu": _of_service("cpus", "cpu_quota", "cpu_count", "deploy.resources.limits.cpus"),
    "sysctl": _of_service("sysctls"),
    "input": _of_service("stdin_open", "tty", "pid"),
    "dns": _of_service("dns_opt"),
    "limit": _of_service("ulimits"),
    "code": _of_service("command", "entrypoint", "restart", "deploy"),
    "order": _order,
}
"""By the first word of a fact."""
