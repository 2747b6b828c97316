"""Bind mounts of one service, as `host_claims.py` and `host_paths.py` decide on them."""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import field

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.manifest.manifests import Body, Manifest
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.binds.claim_notes import Bind, note_claim, shown_from
from stackferry.translator.volumes.binds.host_claims import HostPath
from stackferry.translator.volumes.binds.host_paths import Place
from stackferry.translator.volumes.binds.pod_copies import copy_in, needs_copy
from stackferry.translator.volumes.claim_owners import Owners
from stackferry.translator.volumes.configmap import note_large, to_configmap, to_secret
from stackferry.translator.volumes.filling.copies import Copies, wait_for_copy
from stackferry.translator.volumes.filling.seeds import seed, to_seed, wait_for
from stackferry.translator.volumes.mounts import Mounts
from stackferry.translator.volumes.persistent_volume_claim import below_root, to_claim

_PROPAGATION = {
    "rshared": "Bidirectional",
    "shared": "Bidirectional",
    "rslave": "HostToContainer",
    "slave": "HostToContainer",
}


@dataclass(frozen=True, slots=True)
class Hosts:
    """What replaces the host's paths: the decision by path, the seeds of claims by root, and the claims' owners.

    `copies`, by root as well, exist if whoever applies the manifests makes the copies; then there are no seeds.
    """

    paths: Mapping[str, HostPath]
    seeds: Mapping[str, Manifest]
    owners: Owners
    copies: Copies = field(default_factory=dict)


def plan_seeds(paths: Mapping[str, HostPath], stack: Stack) -> Mapping[str, Manifest]:
    """The objects that seed claims, by the path that the claim stands for."""
    return {
        source: to_seed(source, path.decision.contents, stack)
        for source, path in paths.items()
        if path.root == source and path.decision.place is Place.CLAIM
    }


def bind(service: Service, mount: Mount, path: Path, mounts: Mounts, hosts: Hosts, stack: Stack, notes: Notes) -> None:
    """Mount a path of the developer's machine, or what replaces it in the cluster.

    `path` is the key of the mount; a volume that is a path of the host by its options has the same keys.
    """
    host = hosts.paths[mount.source or ""]
    place = host.decision.place
    bound = Bind(service, mount, (*path, "source"), host, shown_from(mount.source or "", stack.project.directory))
    if place.is_claim:
        _from_claim(bound, mounts, hosts, stack, notes)
    else:
        _BY_PLACE[place](bound, mounts, stack, notes)
    if mount.bind and mount.bind.propagation in _PROPAGATION and place not in (Place.NODE, Place.SOCKET):
        notes.action(
            (*path, "bind", "propagation"),
            "kubernetes-propagation",
            "only mounts of node paths can have mount propagation",
        )


def _of_node(mount: Bind, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    socket = mount.host.decision.place is Place.SOCKET
    source: Body = {"path": mount.mount.source, **({"type": "Socket"} if socket else {})}
    hint = (
        "gives the container full control of the node; only works if the node runs Docker (minikube"
        " start --container-runtime=docker)"
        if socket
        else "check that the path of the node is intended"
    )
    notes.action(
        mount.path,
        "kubernetes-host-path",
        f"{mount.mount.source} is the path on the cluster's node, not on your machine",
        hint,
    )
    mounts.add(
        f"node-{posixpath.basename(mount.mount.source or '') or 'root'}",
        {"hostPath": source},
        mount.mount.target,
        mount.path,
        notes,
        read_only=mount.mount.read_only,
        propagation=_propagation(mount, notes),
    )


def _propagation(mount: Bind, notes: Notes) -> str | None:
    wanted = _PROPAGATION.get((mount.mount.bind.propagation or "") if mount.mount.bind else "")
    if wanted == "Bidirectional" and not mount.service.privileged:
        notes.action(
            (*mount.path[:-1], "bind", "propagation"),
            "kubernetes-propagation",
            "only a privileged container can propagate mounts to the node; not applied",
        )
        return None
    return wanted


def _of_this_machine(mount: Bind, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    """Mount the folder itself, which the node sees live."""
    guest = posixpath.normpath(posixpath.join(mount.host.decision.guest, mount.host.in_claim))
    name = f"host-{posixpath.basename(mount.mount.source or '') or 'root'}"
    kind = "File" if not mount.host.is_folder else "Directory" if stack.host.exists(mount.mount.source or "") else ""
    source: Body = {"path": guest, "type": kind or "DirectoryOrCreate"}
    mounts.add(name, {"hostPath": source}, mount.mount.target, mount.path, notes, read_only=mount.mount.read_only)
    message = (
        f"{mount.shown} is the folder of this machine, shared with the node at {guest}: every file"
        " belongs to user 1000, chmod and chown have no effect, and there are no change notifications"
        " (inotify)"
    )
    notes.approximated(mount.path, "kubernetes-shared-folder", message)


def _time_zone(mount: Bind, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    if "TZ" in mount.service.environment:
        message = "omitted: TZ already sets the time zone"
    else:
        message = "omitted: the time zone of a pod is UTC unless TZ is set"
    notes.approximated(mount.path, "kubernetes-time-zone", message, "set TZ in environment, like TZ=Europe/Berlin")


def _nowhere(mount: Bind, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    notes.action(
        mount.path,
        "kubernetes-unreadable",
        f"{mount.shown} {mount.host.decision.why}; not mounted",
        "make it a readable file in the project, or declare it in secrets or configs",
    )


def _from_files(mount: Bind, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    """Mount a ConfigMap or Secret; single files by `subPath`, folders with a path for each file."""
    source = mount.mount.source or ""
    decision = mount.host.decision
    if needs_copy(mount, stack):
        copy_in(mount, mounts, stack, notes)
        return
    secret = decision.place is Place.SECRET
    name = stack.naming.hosts[source]
    files = decision.contents.files
    keys = decision.contents.keys(source)
    make = to_secret if secret else to_configmap
    made = make(name, {keys[file.path]: file.content for file in files}, stack)
    mounts.pod.objects.append(made)
    note_large(made, mount.path, notes)
    executable = all(file.executable for file in files)
    body: Body = {"secretName" if secret else "name": made.name, "defaultMode": 0o555 if executable else 0o444}
    if decision.is_folder and (
        any(keys[file.path] != file.path for file in files) or any(file.executable is not executable for file in files)
    ):
        body["items"] = [
            {"key": keys[file.path], "path": file.path, **({"mode": 0o555} if file.executable else {})}
            for file in files
        ]
    mounts.add(
        f"{'secret' if secret else 'config'}-{name}",
        {"secret" if secret else "configMap": body},
        mount.mount.target,
        mount.path,
        notes,
        read_only=True,
        sub_path=None if decision.is_folder else keys[""],
    )
    left_out = (*decision.contents.left_out, *(("empty folders",) if decision.contents.empty_folders else ()))
    without = f", without {' and '.join(left_out)}" if left_out else ""
    cannot = "" if mount.mount.read_only else "; the service cannot write to it"
    hint = ""
    if decision.contents.has_private_keys:
        cannot += "; every user in the container can read it, not only its owner"
        hint = "set the user that reads it, like user: 1000:1000"
    notes.approximated(
        mount.path,
        "kubernetes-copied-in",
        f"{mount.shown} is copied in{without}, read-only: convert again after a change{cannot}",
        hint,
    )


def _from_claim(mount: Bind, mounts: Mounts, hosts: Hosts, stack: Stack, notes: Notes) -> None:
    """Mount a claim, shared by all mounts of the path or of one above it, and fill it before the service starts."""
    root = mount.host.root
    name = stack.naming.host_claims[root]
    mounts.pod.objects.append(to_claim(name, {}, mount.path, stack, notes))
    copy = hosts.copies.get(root)
    if copy is not None:
        notes.approximated(mount.path, "kubernetes-copied", str(copy))
    else:
        note_claim(mount, name, hosts.owners.users.get(name), stack, notes)
    added = mounts.add(
        name,
        {"persistentVolumeClaim": {"claimName": name}},
        mount.mount.target,
        mount.path,
        notes,
        read_only=mount.mount.read_only,
        sub_path=below_root(mount.host.in_claim),
    )
    if added is None:
        return
    if copy is not None:
        wait_for_copy(name, mounts.pod)
    elif root in hosts.seeds:
        seed(name, added, hosts.seeds[root], hosts.owners.users.get(name), mounts.pod)
        note_large(hosts.seeds[root], mount.path, notes)
    elif mount.host.decision.place is Place.HAND and not mount.host.is_folder:
        wait_for(mount.host.in_claim, name, mounts.pod)


_BY_PLACE: dict[Place, Callable[[Bind, Mounts, Stack, Notes], None]] = {
    Place.NODE: _of_node,
    Place.SOCKET: _of_node,
    Place.TIME: _time_zone,
    Place.NOWHERE: _nowhere,
    Place.CONFIG: _from_files,
    Place.SECRET: _from_files,
    Place.SHARED: _of_this_machine,
    Place.MOUNTED: _of_this_machine,
}
