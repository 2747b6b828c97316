"""`stackferry service create`: a service without a file, as docker's tutorials begin."""

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, Literal

from stackferry.options.common import Detach, NoResolveImage, Silent
from stackferry.options.declaration import Argument, Option
from stackferry.options.own_letters import verb
from stackferry.options.service_flags import with_flags
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.cluster.objects import Cluster
    from stackferry.emulator.cluster.spec import ServiceSpec
    from stackferry.emulator.store.directories import Home
    from stackferry.emulator.store.store import Store

STACK = "services"
"""The stack of services that were created by themselves, unless --project-name names one."""


@verb
@with_flags("create")
def create(
    session: Session,
    image: Annotated[str, Argument(metavar="IMAGE")],
    command: Annotated[list[str] | None, Argument(metavar="[COMMAND] [ARG]...")] = None,
    name: Annotated[
        str, Option("--name", metavar="NAME", help="Name of the service. Default: that of the image.")
    ] = "",
    mode: Annotated[
        Literal["replicated", "global", "replicated-job", "global-job"], Option("--mode", help="Service mode.")
    ] = "replicated",
    detach: Detach = False,
    quiet: Silent = False,
    with_registry_auth: Annotated[bool, Option("--with-registry-auth", hidden=True)] = False,
    no_resolve_image: NoResolveImage = False,
    **flags: Any,
) -> int:
    """Create a service.

    It belongs to the stack that --project-name names, or to one called `services`.
    """
    from stackferry.deploy.admission import admit
    from stackferry.deploy.ingress import refuse_foreign_ingress
    from stackferry.deploy.surroundings import refuse_foreign_folder
    from stackferry.emulator.cluster.container import ContainerSpec
    from stackferry.emulator.cluster.spec import Mode, ServiceSpec, TaskTemplate
    from stackferry.emulator.manager.engine_lock import refuse_rival
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import StoreGoneError
    from stackferry.engine import connect
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.images.digests import resolved_one
    from stackferry.lookup.payloads import StoredPayloads
    from stackferry.lookup.stacks import Found
    from stackferry.options.edits.edit import PayloadLookup
    from stackferry.options.service_flags import edited
    from stackferry.render.image_names import repository
    from stackferry.up.wait import converge

    kind = Mode(mode.replace("-", " "))
    if flags.get("replicas") is not None and kind.is_global:
        raise StackferryError(
            "replicas can only be used with replicated or replicated-job mode", "leave out --replicas"
        )
    container = ContainerSpec(image, args=tuple(command) if command else None)
    called = name or repository(image).rpartition("/")[2]
    payloads = PayloadLookup(StoredPayloads(session))
    spec = edited(ServiceSpec(called, kind, task=TaskTemplate(container)), flags, payloads)
    admit(session, spec)
    refuse_foreign_folder(session, [spec])
    stack = session.stack.project_name or STACK
    refuse_foreign_ingress(session, stack, spec)
    if not no_resolve_image:
        spec = resolved_one(connect(session), spec, session.note)
    place = home(session.environment, stack)
    if not place.database.exists():
        refuse_rival(place, stack, connect(session))
    while True:
        # The manager of a stack whose last service was removed may take the store away at this very moment.
        with suppress(StoreGoneError):
            service_id, cluster = _stored(session, place, stack, spec, payloads.taken)
            break
    found = Found(stack, place, cluster)
    from stackferry.emulator.manager.presence import ensure_running

    ensure_running(place, stack, session.environment)
    print(service_id)
    return converge(session, found, [called], detach=detach, quiet=quiet)


def _stored(
    session: Session, place: "Home", stack: str, spec: "ServiceSpec", taken: dict[str, bytes]
) -> "tuple[str, Cluster]":
    """Store the service; gives its id and the cluster with it. What fails leaves no stack behind that was not there."""
    from stackferry.emulator.manager.farewell import discard_empty, leave_word
    from stackferry.emulator.store.store import Store

    new = not place.database.exists()
    store = Store(place.database)
    try:
        leave_word(store, stack, ends=False)
        service_id = _put(session, store, stack, spec, taken)
        return service_id, store.load()
    except BaseException:
        if new:
            discard_empty(place, store)
        raise
    finally:
        store.close()


def _put(session: Session, store: "Store", stack: str, spec: "ServiceSpec", taken: dict[str, bytes]) -> str:
    """Store the service, with a node to run on if there is none yet; gives its id."""
    import time
    from dataclasses import replace
    from random import SystemRandom

    from stackferry.deploy.ingress import reached, record_ingress
    from stackferry.emulator.control.change import create_service
    from stackferry.emulator.control.nodes import nodes_of
    from stackferry.engine import connect

    nodes = None if store.nodes() else nodes_of(stack, (), connect(session).version(), time.time())

    def edit(cluster: "Cluster") -> "Cluster":
        cluster = cluster if nodes is None else replace(cluster, nodes=nodes)
        return create_service(cluster, reached(spec, stack), time.time(), SystemRandom())

    record_ingress(store, stack, spec)
    if taken:
        with store.transaction():
            store.put_payloads(taken)
    return list(store.change(edit).services)[-1]
