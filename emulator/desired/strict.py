"""`--strict-swarm`: what `docker stack deploy` refuses or ignores in a file, in its words.

Part of `stack.py`. It checks the model, so it cannot see what loading has already resolved (`extends`, `.env`).
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping

from stackferry.emulator.desired.findings import Findings
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.compose.model.resources import Network

UNSUPPORTED = (
    *("build", "cgroup", "cgroup_parent", "devices", "domainname", "external_links", "ipc", "links", "mac_address"),
    *("network_mode", "pid", "privileged", "restart", "security_opt", "shm_size", "userns_mode"),
)
"""Ignored, with a warning. (`restart` is applied all the same.)"""

DEPRECATED = ("container_name", "expose")
FORBIDDEN = ("extends", "volumes_from", "cpu_quota", "cpu_shares", "cpuset", "mem_limit", "memswap_limit")
DROPPED = ("depends_on", "tmpfs")
"""A swarm ignores these silently; we do not."""

KNOWN = frozenset(
    (
        *UNSUPPORTED,
        *DEPRECATED,
        *FORBIDDEN,
        *DROPPED,
        *("name", "cap_add", "cap_drop", "command", "configs", "credential_spec", "deploy", "dns", "dns_search"),
        *("entrypoint", "env_file", "environment", "extra_hosts", "healthcheck", "hostname", "image", "init"),
        *("isolation", "labels", "logging", "networks", "oom_score_adj", "ports", "read_only", "secrets", "stdin_open"),
        *("stop_grace_period", "stop_signal", "sysctls", "tty", "ulimits", "user", "volumes", "working_dir"),
        "extensions",
    )
)
"""The service keys of schema 3.13."""

_WITHOUT: Mapping[str, object] = {
    **dict.fromkeys(("devices", "external_links", "links", "security_opt", "tmpfs", "expose"), ()),
    **dict.fromkeys(
        ("build", "cgroup", "cgroup_parent", "domainname", "ipc", "mac_address", "network_mode", "pid", "shm_size")
    ),
    **dict.fromkeys(("userns_mode", "container_name")),
    "privileged": False,
}


def check_strict(project: Project, findings: Findings) -> None:
    """Refuse what a swarm refuses, and warn of what it ignores."""
    if findings.origin(("name",)) is not None:
        findings.refuse(("name",), "swarm-schema", "Additional property name is not allowed", "give the name with -p")
    for service in project.services.values():
        written = set(_written(service))
        for key in sorted(written):
            _check_key(service, key, findings)
        if any(one.condition != "service_started" or not one.required for one in service.depends_on.values()):
            path = ("services", service.name, "depends_on")
            findings.refuse(
                path, "swarm-schema", "depends_on must be a list", "write a list: a swarm has no conditions"
            )


def _check_key(service: Service, key: str, findings: Findings) -> None:
    path = ("services", service.name, key)
    if key in FORBIDDEN:
        findings.refuse(path, "swarm-unsupported", f"Compose file contains unsupported options: {key}", "remove it")
    elif key not in KNOWN:
        findings.refuse(path, "swarm-schema", f"Additional property {key} is not allowed", "remove it")
    elif key in UNSUPPORTED:
        findings.notes.action(path, "swarm-ignored", f"Ignoring unsupported options: {key}")
    elif key in DEPRECATED:
        findings.notes.action(path, "swarm-ignored", f"Ignoring deprecated options: {key}")
    elif key in DROPPED:
        findings.notes.action(path, "swarm-ignored", f"a swarm ignores {key}")


def _written(service: Service) -> Iterator[str]:
    """The keys whose value differs from what an absent key means."""
    for field in dataclasses.fields(service):
        value = getattr(service, field.name)
        make: Callable[[], object] | None = (
            field.default_factory if field.default_factory is not dataclasses.MISSING else None
        )
        if value != (make() if make else field.default):
            yield field.name


def without_ignored(project: Project) -> Project:
    """The project without the keys that a swarm ignores."""
    services = {name: _without_ignored(service) for name, service in project.services.items()}
    networks = dict(project.networks)
    if any("default" in service.networks for service in services.values()):
        networks.setdefault("default", Network(f"{project.name}_default"))
    return dataclasses.replace(project, services=services, networks=networks)


def _without_ignored(service: Service) -> Service:
    # A service with a network mode was given no network while loading.
    networks = service.networks or ({"default": None} if service.network_mode else {})
    return dataclasses.replace(service, depends_on={}, networks=networks, **_WITHOUT)  # type: ignore[arg-type]
