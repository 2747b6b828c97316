"""Folders of this machine that a pod mounts from the node, because the node sees them too: live, never copied.

A shared folder keeps neither owners nor modes (everything belongs to the user 1000), reports no changes (inotify), and
supports neither hard links nor the locks of databases. So no claim of a database becomes a share, and no claim for
which owners matter.
"""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import replace

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.files import is_within
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.image_facts.databases import has_database_files, holds_data, is_database
from stackferry.translator.image_facts.identity import identity
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.binds.host_claims import HostPath, writes
from stackferry.translator.volumes.binds.host_copies import uses_of_roots
from stackferry.translator.volumes.binds.host_paths import Decision, Place

EVERYBODY = 1000
"""The owner of everything in a shared folder, as a pod sees it: the user `docker` of the node."""


@dataclass(frozen=True, slots=True)
class OnNode:
    """Where the node has a folder of this machine; `is_mounted`: only if somebody mounts it there."""

    guest: str
    is_mounted: bool = False


def with_shares(paths: Mapping[str, HostPath], stack: Stack) -> Mapping[str, HostPath]:
    """The paths, with folders of the node instead of claims where possible; the others say why it is not."""
    node = stack.options.node
    if not (node.shares or node.mounts or node.why_none):
        return paths
    roots = {
        root: _decided(root, paths[root].decision, uses, stack)
        for root, uses in uses_of_roots(paths, stack).items()
        if paths[root].decision.place in (Place.CLAIM, Place.HAND, Place.EMPTY)
    }
    return {source: replace(path, decision=roots.get(path.root, path.decision)) for source, path in paths.items()}


def _decided(root: str, decision: Decision, uses: list[tuple[Service, Mount]], stack: Stack) -> Decision:
    refused = _refused(root, uses, stack)
    found = refused or _on_node(root, stack)
    if isinstance(found, str):
        return replace(decision, unshared=found)
    place = Place.MOUNTED if found.is_mounted else Place.SHARED
    return replace(decision, place=place, why="is also available on the node", guest=found.guest)


def _refused(root: str, uses: Iterable[tuple[Service, Mount]], stack: Stack) -> str | None:
    """Why the root must not be shared, whatever the node has."""
    if not stack.host.exists(root):
        return "it does not exist on this machine"
    if not stack.host.is_dir(root):
        return "it is a single file"
    for service, mount in uses:
        if is_database(service, stack.host) or holds_data(service, mount.target, stack.host):
            return f"{service.name} is a database, and its files are not safe in a shared folder"
    if has_database_files(root, stack.host):
        return "it contains database files, which are not safe in a shared folder"
    for service, mount in uses:
        who = identity(service, stack.host) if writes(mount) else None
        if who is not None and not who.is_root and who.user != EVERYBODY:
            return f"{service.name} writes to it as user {who.user}, but a shared folder belongs to {EVERYBODY}"
    owner, ours = stack.host.owner(root), stack.host.owner(stack.project.directory)
    if None not in (owner, ours) and owner != ours:
        return f"it belongs to user {owner} on this machine, but a shared folder does not preserve owners"
    return None


def _on_node(root: str, stack: Stack) -> OnNode | str:
    """Where the node has the folder, or why it does not."""
    node, real = stack.options.node, stack.host.real(root)
    for share in node.shares:
        top = stack.host.real(share.host)
        if is_within(real, top):
            return OnNode(posixpath.normpath(posixpath.join(share.guest, posixpath.relpath(real, top))))
    if node.mounts is not None:
        # Two stacks on one node may have folders of the same name.
        return OnNode(posixpath.join(node.mounts, stack.project.name, stack.naming.host_claims[root]), is_mounted=True)
    if not node.shares:
        return node.why_none or "the node shares no folder of this machine"
    return f"it is not below {' or '.join(share.host for share in node.shares)}, which is what the node shares"
