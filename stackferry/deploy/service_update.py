"""`service update` and `rollback`: one change of a running service in its stack's store.

Returns before anything runs, with the stack as it was written; the manager is told, or started.
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
    """What is asked for. `flags`: those of `options/service_flags.py`, by their names with underscores.

    `force`: all tasks are replaced. `rollback`: back to the previous version, with no other flag.
    `resolves_image`: the registry of a new image is asked for its digest.
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
    """Change the service that a word of the command line means.

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
    # What cannot be is refused before anything is stored.
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
    """What the registry says of a new image."""
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
    """The cluster with the service changed at `now`. `answer`: what a registry says of a new image.

    Raises StackferryError in docker's words for a flag that cannot be.
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
    """Bring the service that a word of the command line means back to its previous version."""
    from stackferry.emulator.control.change import rollback_service

    found, current = find_service(session, word)
    found = change(session, found, lambda cluster: rollback_service(cluster, current.id, time.time()))
    return Updated(current.spec.name, found)
