"""Read-only bind mounts as real files in a folder of the pod, where no ConfigMap or Secret can be mounted.

A node creates folders in a mounted ConfigMap for the mounts inside it before it creates the ConfigMap's files: no file
can be mounted over one of these, or as a new one. A ConfigMap has neither links nor names with two dots, and all its
files are root's and readable by everybody. An init container makes the files, as in a claim (`filling/seeds.py`), but
anew for each pod.
"""

import posixpath
from collections.abc import Iterator

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.files import is_within
from stackferry.translator.image_facts.identity import identity
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.binds.claim_notes import Bind
from stackferry.translator.volumes.configmap import note_large
from stackferry.translator.volumes.filling.seeds import seed, to_seed
from stackferry.translator.volumes.mounts import Mounts

FOLDER = "stackferry-copy"
"""The folder of the pod's volume with the copy. The node creates folders beside it for mounts inside it."""


def needs_copy(bind: Bind, stack: Stack) -> bool:
    """Whether the service needs the mounted paths as real files."""
    contents = bind.host.decision.contents
    if contents.has_private_keys and identity(bind.service, stack.host) is not None:
        return True
    return bind.host.decision.is_folder and (contents.is_odd or any(_mounted_within(bind, stack)))


def copy_in(bind: Bind, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    """Mount a folder of the pod, shared by all its containers, and have it filled."""
    source, decision = bind.mount.source or "", bind.host.decision
    name, made = stack.naming.hosts[source], to_seed(source, decision.contents, stack)
    in_memory: Body = {"medium": "Memory"} if decision.contents.secret else {}
    # A missing mount point can only be created if the folder is writable.
    complete = decision.contents.paths.issuperset(_mounted_within(bind, stack))
    added = mounts.add(
        f"copy-{name}",
        {"emptyDir": in_memory},
        bind.mount.target,
        bind.path,
        notes,
        read_only=bind.mount.read_only and complete,
        sub_path=FOLDER if decision.is_folder else posixpath.join(FOLDER, posixpath.basename(source)),
        shared=True,
    )
    if added is None:
        return
    seed(name, added, made, identity(bind.service, stack.host), mounts.pod, folder=FOLDER)
    note_large(made, bind.path, notes)
    without = f", without {' and '.join(decision.contents.left_out)}" if decision.contents.left_out else ""
    lost = "" if bind.mount.read_only else "; changes are lost with the pod"
    message = f"{bind.shown} is copied into a folder in the pod{without}: convert again after a change{lost}"
    notes.approximated(bind.path, "kubernetes-copied-in", message)


def _mounted_within(bind: Bind, stack: Stack) -> Iterator[str]:
    """The other mounts below this mount, as paths relative to it."""
    top = posixpath.normpath(bind.mount.target)
    for target in _targets(bind.service, stack):
        place = posixpath.normpath(posixpath.join("/", target))
        if place != top and is_within(place, top):
            yield posixpath.relpath(place, top)


def _targets(service: Service, stack: Stack) -> Iterator[str]:
    """The targets of the service's mounts."""
    services = (service, *(stack.project.services.get(taken.service or "") for taken in service.volumes_from))
    for holder in services:
        if holder is not None:
            yield from (mount.target for mount in holder.volumes)
    yield from (mount.target for mount in service.tmpfs)
    yield from (reference.target or f"/{reference.source}" for reference in service.configs)
    for secret in service.secrets:
        yield posixpath.join("/run/secrets", secret.target or secret.source)
