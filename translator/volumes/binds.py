"""Bind mounts of one service, as `host_paths.py` decides about them."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.names import digest
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.configmap import note_large, to_configmap, to_secret
from stackferry.translator.volumes.copy_commands import copy_file, copy_folder
from stackferry.translator.volumes.host_paths import Decision, HostFile, Place, decide
from stackferry.translator.volumes.mounts import Mounts
from stackferry.translator.volumes.persistent_volume_claim import to_claim
from stackferry.translator.workload import resource

_PROPAGATION = {
    "rshared": "Bidirectional",
    "shared": "Bidirectional",
    "rslave": "HostToContainer",
    "slave": "HostToContainer",
}


@dataclass(frozen=True, slots=True)
class Bind:
    """One bind mount on its way: the mount, what was decided, and how the source is called in messages."""

    service: Service
    mount: Mount
    path: Path
    decision: Decision
    shown: str


def bind(service: Service, mount: Mount, path: Path, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    """Mount a host path of the developer's machine, by whatever stands in for it in the cluster."""
    decision = decide(mount, stack.project.directory, stack.host)
    one = Bind(service, mount, (*path, "source"), decision, _shown(mount.source or "", stack.project.directory))
    _BY_PLACE[decision.place](one, mounts, stack, notes)
    if mount.bind and mount.bind.propagation in _PROPAGATION and decision.place is not Place.NODE:
        notes.action(
            (*path, "bind", "propagation"), "kubernetes-propagation", "only paths of the node can propagate mounts"
        )


def _of_node(one: Bind, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    socket = one.decision.place is Place.SOCKET
    source: Body = {"path": one.mount.source, **({"type": "Socket"} if socket else {})}
    hint = (
        "gives the container full control of the node; works only if the node runs Docker"
        " (minikube start --container-runtime=docker)"
        if socket
        else "check that the service means the node"
    )
    notes.action(
        one.path, "kubernetes-host-path", f"{one.mount.source} is that of the cluster's node, not of your machine", hint
    )
    mounts.add(
        f"node-{posixpath.basename(one.mount.source or '') or 'root'}",
        {"hostPath": source},
        one.mount.target,
        one.path,
        notes,
        read_only=one.mount.read_only,
        propagation=_propagation(one, notes),
    )


def _propagation(one: Bind, notes: Notes) -> str | None:
    wanted = _PROPAGATION.get((one.mount.bind.propagation or "") if one.mount.bind else "")
    if wanted == "Bidirectional" and not one.service.privileged:
        notes.action(
            (*one.path[:-1], "bind", "propagation"),
            "kubernetes-propagation",
            "only a privileged container may propagate mounts to the node; not in force",
        )
        return None
    return wanted


def _time_zone(one: Bind, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    if "TZ" in one.service.environment:
        message = "left out: TZ sets the time zone already"
    else:
        message = "left out: the clock of a pod is UTC unless TZ says otherwise"
    notes.approximated(one.path, "kubernetes-time-zone", message, "set TZ in environment, like TZ=Europe/Berlin")


def _nowhere(one: Bind, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    notes.action(one.path, "kubernetes-unreadable", f"{one.shown} {one.decision.why}; not mounted", "make it readable")


def _from_files(one: Bind, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    """A ConfigMap or Secret; single files by `subPath`, folders with a path for each file."""
    source = one.mount.source or ""
    secret = one.decision.place is Place.SECRET
    name = stack.naming.hosts[source]
    files = one.decision.files
    keys = _keys(files, source)
    make = to_secret if secret else to_configmap
    made = make(name, {keys[file.path]: file.content for file in files}, stack)
    mounts.pod.objects.append(made)
    note_large(made, one.path, notes)
    executable = all(file.executable for file in files)
    body: Body = {"secretName" if secret else "name": made.name, "defaultMode": 0o555 if executable else 0o444}
    if one.decision.is_folder and (
        any(keys[file.path] != file.path for file in files) or any(file.executable is not executable for file in files)
    ):
        body["items"] = [
            {"key": keys[file.path], "path": file.path, **({"mode": 0o555} if file.executable else {})}
            for file in files
        ]
    mounts.add(
        f"{'secret' if secret else 'config'}-{name}",
        {"secret" if secret else "configMap": body},
        one.mount.target,
        one.path,
        notes,
        read_only=True,
        sub_path=None if one.decision.is_folder else keys[""],
    )
    if one.mount.read_only:
        notes.approximated(one.path, "kubernetes-copied-in", f"{one.shown} is copied in: convert again after a change")
    else:
        notes.approximated(
            one.path,
            "kubernetes-copied-in",
            f"{one.shown} is copied in, read-only: convert again after a change; the service cannot write it",
        )


def _keys(files: tuple[HostFile, ...], source: str) -> dict[str, str]:
    """A key of its own for every file: `a/b` and `a.b` both would like to be `a.b`."""
    keys: dict[str, str] = {}
    for file in files:
        key = file.key(source)
        keys[file.path] = f"{key[:200]}-{digest(file.path)}" if key in keys.values() else key
    return keys


def _from_claim(one: Bind, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    source = one.mount.source or ""
    name = stack.naming.host_claims[source]
    mounts.pod.objects.append(to_claim(name, {}, one.path, stack, notes))
    if one.decision.place is Place.EMPTY:
        message = f"{one.shown} {one.decision.why}; the claim {name} stands in for it"
        notes.approximated(one.path, "kubernetes-host-folder", message)
    else:
        message = f"the cluster cannot see {one.shown}, which {one.decision.why}; the claim {name} stands in, empty"
        copy = copy_folder if one.decision.is_folder else copy_file
        hint = copy(one.shown, one.mount, name, resource(one.service, stack), stack.options.namespace)
        notes.action(one.path, "kubernetes-host-folder", message, hint)
    mounts.add(
        name,
        {"persistentVolumeClaim": {"claimName": name}},
        one.mount.target,
        one.path,
        notes,
        read_only=one.mount.read_only,
        sub_path=None if one.decision.is_folder else posixpath.basename(source),
    )


def _shown(source: str, directory: str) -> str:
    if source == directory:
        return "."
    inside = source.removeprefix(directory.rstrip("/") + "/")
    return source if inside == source else f"./{inside}"


_BY_PLACE: dict[Place, Callable[[Bind, Mounts, Stack, Notes], None]] = {
    Place.NODE: _of_node,
    Place.SOCKET: _of_node,
    Place.TIME: _time_zone,
    Place.NOWHERE: _nowhere,
    Place.CONFIG: _from_files,
    Place.SECRET: _from_files,
    Place.CLAIM: _from_claim,
    Place.EMPTY: _from_claim,
}
