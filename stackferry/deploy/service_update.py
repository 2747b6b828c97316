"""`service update` and `rollback`: changes one service in its stack's store.

Returns the stack as it was written, before anything runs; wakes the manager, or starts one.
"""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.lookup.lookup import find_service
from stackferry.lookup.stacks import Found, change, changing
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.cluster.objects import Cluster
    from stackferry.emulator.cluster.spec import ServiceSpec
    from stackferry.images.digests import Answer
    from stackferry.options.edits.edit import PayloadLookup


@dataclass(frozen=True, slots=True)
class ServiceUpdate:
    """The update. `flags`: those of `options/service_flags.py`, by their names with underscores.

    `force`: replace all tasks. `rollback`: return to the previous version; excludes all other flags.
    `resolves_image`: ask the registry for the digest of a new image.
    """

    flags: Mapping[str, Any]
    force: bool = False
    rollback: bool = False
    resolves_image: bool = True


class Updated(NamedTuple):
    """The full name of a service, and its stack as it was written."""

    name: str
    found: Found


def update_service(session: Session, word: str, asked: ServiceUpdate) -> Updated:
    """Change the service that a word of the command line names.

    Raises StackferryError, before anything is stored, for what a swarm would refuse.
    """
    from stackferry.deploy.admission import admit
    from stackferry.deploy.ingress import record_ingress, refuse_foreign_ingress, with_reached
    from stackferry.deploy.surroundings import refuse_foreign_folder
    from stackferry.images.digests import Answer
    from stackferry.lookup.payloads import StoredPayloads
    from stackferry.options.edits.edit import PayloadLookup

    found, current = find_service(session, word)
    payloads = PayloadLookup(StoredPayloads(session))
    # An impossible update is refused before anything is stored.
    new = updated(found.cluster, current.id, asked, payloads, Answer(), time.time()).services[current.id].spec
    if not asked.rollback:
        admit(session, new, current)
    refuse_foreign_folder(session, [new])
    refuse_foreign_ingress(session, found.stack, new)
    answer = _digest(session, current.spec, asked)
    with changing(found) as store:
        record_ingress(store, found.stack, new)
        if payloads.taken:
            with store.transaction():
                store.put_payloads(payloads.taken)

    def edit(cluster: "Cluster") -> "Cluster":
        return with_reached(updated(cluster, current.id, asked, payloads, answer, time.time()), current.id, found.stack)

    return Updated(current.spec.name, change(session, found, edit))


def _digest(session: Session, before: "ServiceSpec", asked: ServiceUpdate) -> "Answer":
    """Ask the registry for the digest of a new image."""
    from stackferry.engine import connect
    from stackferry.images.digests import Answer, stays
    from stackferry.images.digests import asked as answers

    image = asked.flags.get("image")
    if not image or not asked.resolves_image:
        return Answer()
    kept = [image] if stays(image, before) else []
    (answer,) = answers(connect(session), [image], session.note, kept).values()
    return answer


def updated(
    cluster: "Cluster",
    service_id: str,
    asked: ServiceUpdate,
    payloads: "PayloadLookup",
    answer: "Answer",
    now: float,
) -> "Cluster":
    """The cluster with the service changed at `now`. `answer`: the registry's answer about a new image.

    Raises StackferryError in docker's words for an invalid flag.
    """
    from stackferry.emulator.cluster.spec import Mode
    from stackferry.emulator.control.change import rollback_service, update_service
    from stackferry.images.digests import pinned
    from stackferry.options.service_flags import edited

    flags = asked.flags
    if asked.rollback:
        if any(flags.values()) or asked.force:
            raise StackferryError("other flags may not be combined with --rollback", "roll back first, then update")
        return rollback_service(cluster, service_id, now)
    mode = cluster.services[service_id].spec.mode
    if flags.get("replicas") is not None and mode is not Mode.REPLICATED:
        hint = "stackferry service scale" if mode.is_job else "a global service has one task on each node"
        raise StackferryError("replicas can only be used with replicated mode", hint)
    before = cluster.services[service_id].spec
    spec = pinned(edited(before, flags, payloads), answer, before)
    if asked.force:
        spec = spec.forced()
    return update_service(cluster, service_id, spec, now)


def roll_back(session: Session, word: str) -> Updated:
    """Roll back the service that a word of the command line names to its previous version."""
    from stackferry.emulator.control.change import rollback_service

    found, current = find_service(session, word)
    found = change(session, found, lambda cluster: rollback_service(cluster, current.id, time.time()))
    return Updated(current.spec.name, found)
