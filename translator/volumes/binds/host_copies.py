"""Decides which paths of the host are copied into their claims by whoever applies the manifests."""

from collections.abc import Mapping

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.model import Service
from stackferry.translator.host_mounts import host_mounts
from stackferry.translator.image_facts.identity import Identity
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.binds.claim_notes import shown_from
from stackferry.translator.volumes.binds.contents import left_out
from stackferry.translator.volumes.binds.host_claims import HostPath, writes
from stackferry.translator.volumes.binds.host_paths import Place
from stackferry.translator.volumes.filling.copies import Copies, Copy, rule_of

Uses = Mapping[str, list[tuple[Service, Mount]]]


def uses_of_roots(paths: Mapping[str, HostPath], stack: Stack) -> Uses:
    """The mounts of each root, including mounts of paths below it that share its claim."""
    found: dict[str, list[tuple[Service, Mount]]] = {}
    for service, mount in host_mounts(stack.project):
        found.setdefault(paths[mount.source or ""].root, []).append((service, mount))
    return found


def plan_copies(paths: Mapping[str, HostPath], owners: Mapping[str, Identity], stack: Stack) -> Copies:
    """The copies, by path of the host; none unless the option is set. `owners` are the claims' owners."""
    if not stack.options.copies:
        return {}
    return {
        source: _copy(source, paths[source], uses, owners, stack)
        for source, uses in uses_of_roots(paths, stack).items()
        if paths[source].decision.place in (Place.CLAIM, Place.HAND)
    }


def _copy(
    source: str,
    path: HostPath,
    uses: list[tuple[Service, Mount]],
    owners: Mapping[str, Identity],
    stack: Stack,
) -> Copy:
    claim = stack.naming.host_claims[source]
    is_folder = path.decision.is_folder
    skip, words = left_out(source, stack.host) if is_folder else (_nothing, ())
    written = any(writes(mount) for _, mount in uses)
    return Copy(
        claim,
        stack.host.real(source),
        shown_from(source, stack.project.directory),
        path.in_claim,
        rule_of(source, uses, stack.host, written=written),
        owners.get(claim),
        skip,
        words,
    )


def _nothing(_: str) -> bool:
    return False
