"""`pre_start`: the containers that run before a service's own, each to completion, one after the other.

Each is translated as a service with its keys, by the passes that make the service's own container. Pod-wide settings
are the service's. Containers that run once for all pods run in the pod if there is only one, else in a Job of their own
(`workload_kinds/pre_start.py`).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from stackferry.grammar.compose.model.as_service import pre_start_as_services
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.notes import Origin
from stackferry.translator.environment.variables import variables
from stackferry.translator.manifest.manifests import Body, Manifest
from stackferry.translator.notes import Note, Notes, Path
from stackferry.translator.pod.container import to_container
from stackferry.translator.pod.images import image
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.mounts import Mounts, PodVolumes
from stackferry.translator.volumes.storage import Mountable, mounts_of
from stackferry.translator.workload import in_the_pod

OF_THE_POD = (
    *("annotations", "dns", "dns_opt", "dns_search", "domainname", "extra_hosts", "group_add", "hostname", "init"),
    *("ipc", "labels", "network_mode", "pid", "platform", "runtime", "stop_grace_period", "sysctls", "userns_mode"),
)
"""Keys that all containers of a pod share."""


_ONCE = (
    "runs in each new pod, including replacements, and is retried until it succeeds; compose runs it"
    " once for each version of the service"
)

_STOPPED = "stopped by the image's STOPSIGNAL, otherwise SIGTERM: init containers have no preStop"


@dataclass(frozen=True, slots=True)
class Step:
    """One such container: the owner of its objects (`web[0]`), the container, and the objects it needs, by role."""

    owner: str
    container: Body
    objects: tuple[tuple[str, Manifest], ...]


def steps(
    service: Service,
    indexes: Collection[int],
    own: Mounts,
    volumes: PodVolumes,
    mountable: Mountable,
    stack: Stack,
    notes: Notes,
) -> tuple[Step, ...]:
    """The steps at `indexes` of a service whose own container has the mounts `own`; their pod has `volumes`.

    A note that `notes` already has for the service is not repeated for a key that the step inherits from it.
    """
    if not indexes:
        return ()
    known = frozenset(notes)
    found = []
    of_image = str(image(service, stack, Notes())["image"])
    for index, before in enumerate(pre_start_as_services(service, of_image)):
        if index not in indexes:
            continue
        path: Path = ("services", service.name, "pre_start", index)
        said = Notes()
        there = _at(path, stack)
        given = variables(before, there, said)
        # A step inherits the service's mounts, as with `volumes_from`; its own mounts win.
        mounts = Mounts(volumes, {**own.mounts, **mounts_of(before, volumes, mountable, there, said).mounts})
        container = to_container(replace(before, stop_signal=None), (), given.fields, mounts, there, said)
        if before.stop_signal not in (None, service.stop_signal):
            said.approximated(("services", service.name, "stop_signal"), "kubernetes-stop-signal", _STOPPED)
        _note_pod(before, service, path, stack.options.origin, said)
        notes.found += _relocated(said, path, known, stack.options.origin)
        if not service.pre_start[index].per_replica and index in in_the_pod(service):
            notes.approximated(path, "kubernetes-pre-start", _ONCE)
        found.append(
            Step(
                f"{service.name}[{index}]",
                {**container, "name": stack.naming.pre_start[service.name][index]},
                tuple(given.objects.items()),
            )
        )
    return tuple(found)


def _at(path: Path, stack: Stack) -> Stack:
    """The stack in which keys of the service are those of the step at `path`."""
    origin = stack.options.origin
    own = {(*path[:2], *one[len(path) :]): found for one, found in stack.templates.by_path.items() if one[:4] == path}
    return replace(
        stack,
        templates=replace(stack.templates, by_path=own),
        options=replace(stack.options, origin=lambda one: origin((*path, *one[2:])) or origin(one)),
    )


def _relocated(said: Iterable[Note], path: Path, known: frozenset[Note], origin: Origin) -> Iterator[Note]:
    for note in said:
        if note.path[:2] != path[:2]:
            yield note
            continue
        own: Path = (*path, *note.path[2:])
        if note not in known or origin(own) is not None:
            yield replace(note, path=own)


def _note_pod(before: Service, service: Service, path: Path, origin: Origin, notes: Notes) -> None:
    """Pod-wide settings are the service's; the loader has copied them to steps that set none."""
    for key in OF_THE_POD:
        where: Path = ("services", service.name, key)
        if getattr(before, key) != getattr(service, key):
            notes.action(
                where,
                "kubernetes-pod-wide",
                "not applied: all containers of a pod share this setting, and that of the service is used",
                "set the same on the service",
            )
        elif getattr(before, key) and origin((*path, key)) is not None:
            notes.fine(where, "kubernetes-pod-wide", "the setting applies to all containers of the pod")
