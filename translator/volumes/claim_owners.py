"""Decides the owner of each claim of a stack: the first service that writes to it and whose identity is known.

The node sets one group (`fsGroup`) on all claims of a pod. Claims that a pod mounts together therefore have the same
group in all pods: with two groups, each pod would change the claim's group back at every start.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.host_mounts import as_bind, leads_out
from stackferry.translator.image_facts.identity import Identity, identity
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.binds.host_claims import HostPath, writes
from stackferry.translator.volumes.mounts import OF_SLOT
from stackferry.translator.volumes.volumes import Backing


@dataclass(frozen=True, slots=True)
class Owners:
    """By claim name: the identity of the first writer, and the group of the claim. Root does not count."""

    users: Mapping[str, Identity]
    groups: Mapping[str, int]

    def fs_group(self, written: Iterable[str]) -> int | None:
        """The group of a pod that writes these claims; None if none has a known group."""
        return next((self.groups[claim] for claim in written if claim in self.groups), None)


class _Claim(NamedTuple):
    """A claim of ours that a service mounts, and the index in its `volumes`."""

    item: int
    claim: str
    is_writable: bool


def plan_owners(backings: Mapping[str, Backing], hosts: Mapping[str, HostPath], stack: Stack, notes: Notes) -> Owners:
    """The owners of all claims of ours."""
    users: dict[str, Identity] = {}
    writers: list[tuple[Service, Identity, str]] = []
    together: dict[str, str] = {}
    for group in stack.pods():
        mounted = [mount for service in group.services for mount in _claims(service, backings, hosts, stack)]
        if any(mount.is_writable for mount in mounted):
            first = _first(mounted[0].claim, together)
            together.update({_first(mount.claim, together): first for mount in mounted})
        for service in group.services:
            written = [mount.claim for mount in _claims(service, backings, hosts, stack) if mount.is_writable]
            who = identity(service, stack.host) if written else None
            if who is not None and not who.is_root:
                writers.append((service, who, written[0]))
                for claim in written:
                    users.setdefault(claim, who)
    groups: dict[str, int] = {}
    for _, who, claim in writers:
        groups.setdefault(_first(claim, together), who.group)
    for service, who, claim in writers:
        _note(service, who, groups[_first(claim, together)], notes)
    found = {claim: groups.get(_first(claim, together)) for claim in together}
    known = {claim: group for claim, group in found.items() if group is not None}
    owning = {service.name for service, _, _ in writers}
    for service in stack.project.services.values() if known else ():
        if service.name in stack.groups and service.name not in owning:
            _note_joined(service, list(_claims(service, backings, hosts, stack)), known, notes)
    return Owners(users, known)


def _first(claim: str, together: dict[str, str]) -> str:
    """The representative of all claims that share a group with this one (union-find; it maps to itself)."""
    way = [claim]
    while (following := together.setdefault(way[-1], way[-1])) != way[-1]:
        way.append(following)
    together.update(dict.fromkeys(way, way[-1]))
    return way[-1]


def _note(service: Service, who: Identity, group: int, notes: Notes) -> None:
    path: Path = ("services", service.name, who.key)
    if group != who.group:
        message = (
            f"volumes that it writes to belong to group {group} (fsGroup), because another service writes to them too"
        )
        notes.approximated(path, "kubernetes-other-owner", message)
    elif who.key == "user":
        message = (
            f"volumes that it writes to belong to group {group} (fsGroup); on Docker, to the owner set in the image"
        )
        notes.approximated(path, "kubernetes-fs-group", message)
    elif who.key != "build":
        notes.fine(path, "kubernetes-fs-group", f"volumes that it writes to belong to group {group} (fsGroup)")


def _note_joined(service: Service, mounted: Iterable[_Claim], known: Mapping[str, int], notes: Notes) -> None:
    """The service is not an owner, but its pod gets the group of a claim that it shares with one."""
    for mount in mounted:
        if mount.is_writable and mount.claim in known:
            group = known[mount.claim]
            message = (
                f"its processes also get group {group} (fsGroup), because another service writes to the"
                " volume as that group"
            )
            notes.approximated(("services", service.name, "volumes", mount.item), "kubernetes-shared-group", message)
            return


def _claims(
    service: Service, backings: Mapping[str, Backing], hosts: Mapping[str, HostPath], stack: Stack
) -> Iterator[_Claim]:
    """The claims of ours that the service mounts."""
    for index, mount in enumerate(service.volumes):
        bind = as_bind(mount, stack.project)
        if bind is not None:
            found = hosts[bind.source or ""]
            if found.decision.place.is_claim:
                yield _Claim(index, stack.naming.host_claims[found.root], writes(bind))
        else:
            claim = _of_volume(mount, backings)
            if claim is not None:
                yield _Claim(index, claim, not mount.read_only)


def _of_volume(mount: Mount, backings: Mapping[str, Backing]) -> str | None:
    backing = backings.get(mount.source or "") if mount.type == "volume" else None
    if backing is None or leads_out(mount.volume.subpath if mount.volume else None):
        return None
    if OF_SLOT in backing.source:
        return mount.source
    return backing.claim.name if backing.claim is not None else None
