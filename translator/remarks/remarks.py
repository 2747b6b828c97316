"""Notes about uses of keys that put nothing into a manifest: exact with one value, lost with another.

The table of `fates/` holds the rule for a key; here are the values for which it does not apply.
"""

from collections.abc import Callable, Container, Mapping

from stackferry.grammar.compose.model.container import Container as Runnable
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.translator.manifest.escape import is_refused
from stackferry.translator.notes import Kind, Note, Notes, Path
from stackferry.translator.remarks.docker_watchers import watcher_notes
from stackferry.translator.sharing import Group, joined
from stackferry.translator.stack import Stack

_LOCAL_LOGS = frozenset(("json-file", "local", "journald", "default", ""))


def remarks(stack: Stack, notes: Notes, routed: Container[Path] | None = None) -> None:
    """Report every such use in the stack. Labels at `routed` became routes; None: no label can become one."""
    project = stack.project
    notes.found += _networks(project)
    notes.found += _shared_namespaces(project, stack.groups)
    watched = watcher_notes(project, with_routes=routed is not None)
    notes.found += (note for note in watched if note.path not in (routed or ()))
    for service in project.services.values():
        path: Path = ("services", service.name)
        for remark in _REMARKS:
            notes.found += remark(service, path)
        for index, before in enumerate(service.pre_start):
            if before.logging != service.logging:
                notes.found += _logging(before, (*path, "pre_start", index))


def _networks(project: Project) -> list[Note]:
    """If all services share a network, compose does not separate them either, and nothing is lost."""
    joined = [frozenset(service.networks) for service in project.services.values() if not service.network_mode]
    if not joined or not frozenset.intersection(*joined):
        return []
    code, message = "kubernetes-network", "all services share a network, as they do in the cluster"
    found = [Note(("networks", name), Kind.EXACT, code, message) for name in project.networks]
    for service in project.services.values():
        path: Path = ("services", service.name, "networks")
        found += [Note((*path, name), Kind.EXACT, code, message) for name in service.networks]
    return found


def _shared_namespaces(project: Project, groups: Mapping[str, Group]) -> list[Note]:
    """`network_mode`, `ipc` and `pid` of another service: containers of one pod share all three."""
    found = []
    for name, service in project.services.items():
        for key, namespace, other in joined(service) if name in groups else ():
            path: Path = ("services", name, key)
            if groups.get(other) is groups[name]:
                message = f"runs in the pod of {other}, whose containers share it"
                found.append(Note(path, Kind.EXACT, "kubernetes-one-pod", message))
            else:
                message = f"{namespace}: {_SHARED}"
                found.append(Note(path, Kind.NEEDS_ACTION, f"kubernetes-{key.replace('_', '-')}", message))
    return found


def _provider(service: Service, path: Path) -> list[Note]:
    if service.provider is None:
        return []
    message = f"the provider {service.provider.type} does not run on Kubernetes; no workload is created"
    hint = f"run it yourself, behind a Service named {service.name}"
    return [Note((*path, "provider"), Kind.NEEDS_ACTION, "kubernetes-provider", message, hint)]


def _logging(container: Runnable, path: Path) -> list[Note]:
    driver = container.logging.driver if container.logging else None
    if driver is None or driver in _LOCAL_LOGS:
        return []
    message = f"{driver} is a log driver of Docker; kubectl logs shows the output, but it is not shipped"
    return [Note((*path, "logging", "driver"), Kind.NEEDS_ACTION, "kubernetes-logging", message, "run a log collector")]


_HARMLESS = {
    "cgroup": ("private",),
    "ipc": ("private", "host", "shareable"),
    "pid": ("host",),
    "userns_mode": ("host",),
    "isolation": ("default",),
}
_SHARED = "it is not a service of the stack; the pod has its own"
_OTHERWISE: dict[str, tuple[Kind, str]] = {
    "cgroup": (Kind.NEEDS_ACTION, "a pod always has its own cgroup"),
    "ipc": (Kind.NEEDS_ACTION, _SHARED),
    "pid": (Kind.NEEDS_ACTION, _SHARED),
    "userns_mode": (Kind.NEEDS_ACTION, "no such user namespace mode; the node's is used"),
    "isolation": (Kind.NEEDS_ACTION, "only for Windows containers; not applied"),
}


def _modes(service: Service, path: Path) -> list[Note]:
    """Keys that are exact with some values: the table says exact, other values get a note."""
    found = []
    for key, (kind, message) in _OTHERWISE.items():
        value: str | None = getattr(service, key)
        if value and value not in _HARMLESS[key] and not value.startswith("service:"):
            found.append(Note((*path, key), kind, f"kubernetes-{key.replace('_', '-')}", f"{value}: {message}"))
    if service.ipc == "shareable":
        found.append(Note((*path, "ipc"), Kind.EXACT, "kubernetes-ipc", "shared by all containers in the pod"))
    if service.uts == "host" and service.network_mode == "host":
        found.append(Note((*path, "uts"), Kind.EXACT, "kubernetes-uts", "comes with the host's network"))
    return found


_WORDS = ("command", "entrypoint")
_TEXTS = ("labels", "annotations")


def _control_characters(service: Service, path: Path) -> list[Note]:
    """Text that must be in the manifest itself; variables and files have other ways to carry these characters."""
    found: list[Path] = [(*path, key) for key in _WORDS if any(map(is_refused, getattr(service, key) or ()))]
    for key in _TEXTS:
        values: Mapping[str, str] = getattr(service, key)
        found += [(*path, key, name) for name, value in values.items() if is_refused(value)]
    if service.healthcheck and any(map(is_refused, service.healthcheck.test or ())):
        found.append((*path, "healthcheck", "test"))
    message = (
        "contains a character that a manifest cannot contain (U+007F to U+009F, U+FFFE, U+FFFF); it is"
        " replaced by U+FFFD"
    )
    hint = "write it as an escape that the program understands, or pass it in a variable"
    return [Note(where, Kind.NEEDS_ACTION, "kubernetes-control-character", message, hint) for where in found]


_REMARKS: tuple[Callable[[Service, Path], list[Note]], ...] = (
    _provider,
    _logging,
    _modes,
    _control_characters,
)
