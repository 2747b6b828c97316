"""`stackferry update`, `service update`: change a running service, flag by flag, as docker's."""

from typing import TYPE_CHECKING, Annotated, Any

from stackferry.options.common import Detach, NoResolveImage, Silent
from stackferry.options.declaration import Argument, Option
from stackferry.options.own_letters import verb
from stackferry.options.service_flags import with_flags
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stackferry.emulator.cluster.objects import Cluster
    from stackferry.images.digests import Answer


@verb
@with_flags("update")
def update(
    session: Session,
    service: Annotated[str, Argument(metavar="SERVICE")],
    force: Annotated[bool, Option("--force", help="Replace all tasks even if nothing has changed.")] = False,
    rollback: Annotated[bool, Option("--rollback", help="Roll back to the previous version.")] = False,
    detach: Detach = False,
    quiet: Silent = False,
    with_registry_auth: Annotated[bool, Option("--with-registry-auth", hidden=True)] = False,
    no_resolve_image: NoResolveImage = False,
    **flags: Any,
) -> int:
    """Update a service.

    Its tasks are replaced, if necessary, as its update_config says. `up` and `stack deploy` undo what is not in the
    file.
    """
    from stackferry.deploy.admission import admit
    from stackferry.deploy.ingress import record_ingress, refuse_foreign_ingress, with_reached
    from stackferry.deploy.surroundings import refuse_foreign_folder
    from stackferry.engine import connect
    from stackferry.images.digests import Answer, asked, stays
    from stackferry.lookup.lookup import find_service
    from stackferry.lookup.payloads import StoredPayloads
    from stackferry.lookup.stacks import change, changing
    from stackferry.options.edits.edit import PayloadLookup
    from stackferry.up.wait import converge

    found, current = find_service(session, service)
    payloads = PayloadLookup(StoredPayloads(session))

    answer = Answer()

    def edit(cluster: "Cluster") -> "Cluster":
        return _edited(cluster, current.id, flags, payloads, answer, force=force, rollback=rollback)

    # What cannot be is refused before anything is stored.
    new = edit(found.cluster).services[current.id].spec
    if not rollback:
        admit(session, new, current)
    refuse_foreign_folder(session, [new])
    refuse_foreign_ingress(session, found.stack, new)
    if flags.get("image") and not no_resolve_image:
        image = flags["image"]
        kept = [image] if stays(image, current.spec) else []
        (answer,) = asked(connect(session), [image], session.note, kept).values()
    with changing(found) as store:
        record_ingress(store, found.stack, new)
        if payloads.taken:
            with store.transaction():
                store.put_payloads(payloads.taken)
    found = change(session, found, lambda cluster: with_reached(edit(cluster), current.id, found.stack))
    print(service)
    return converge(session, found, [current.spec.name], detach=detach, quiet=quiet)


def _edited(
    cluster: "Cluster",
    service_id: str,
    flags: "Mapping[str, Any]",
    payloads: Any,
    answer: "Answer",
    *,
    force: bool,
    rollback: bool,
) -> "Cluster":
    import time

    from stackferry.emulator.cluster.spec import Mode
    from stackferry.emulator.control.change import rollback_service, update_service
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.images.digests import pinned
    from stackferry.options.service_flags import edited

    now = time.time()
    if rollback:
        if any(flags.values()) or force:
            raise StackferryError("other flags may not be combined with --rollback", "roll back first, then update")
        return rollback_service(cluster, service_id, now)
    mode = cluster.services[service_id].spec.mode
    if flags.get("replicas") is not None and mode is not Mode.REPLICATED:
        hint = "stackferry service scale" if mode.is_job else "a global service has one task on each node"
        raise StackferryError("replicas can only be used with replicated mode", hint)
    before = cluster.services[service_id].spec
    spec = pinned(edited(before, flags, payloads), answer, before)
    if force:
        spec = spec.forced()
    return update_service(cluster, service_id, spec, now)
