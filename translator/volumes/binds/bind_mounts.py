"""Every mount of a path of this machine, with what replaces it in the cluster."""

import posixpath
from collections.abc import Iterator, Mapping

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.host_mounts import host_mounts
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.binds.claim_notes import shown_from
from stackferry.translator.volumes.binds.host_claims import HostPath
from stackferry.translator.volumes.binds.host_paths import Decision


@dataclass(frozen=True, slots=True)
class BindMount:
    """A path of this machine that a service mounts at `target`; `shown` is the path as shown to people.

    `root` is the folder or file that is replaced in the cluster; it is the path or contains it. `decision` is about
    `root`. `claim` is the name of the claim that replaces it, if any.
    """

    service: str
    source: str
    shown: str
    target: str
    root: str
    decision: Decision
    claim: str | None = None


def bind_mounts(paths: Mapping[str, HostPath], stack: Stack) -> Iterator[BindMount]:
    """All bind mounts of the stack, in the order of the file."""
    for service, mount in host_mounts(stack.project):
        source = mount.source or ""
        path = paths[source]
        claim = stack.naming.host_claims[path.root] if path.decision.place.is_claim else None
        shown = shown_from(source, stack.project.directory)
        target = posixpath.normpath(mount.target)
        yield BindMount(service.name, source, shown, target, path.root, path.decision, claim)
