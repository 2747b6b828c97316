"""`service create`: builds a service from flags instead of a file, checks it and stores it.

Returns before anything runs; wakes the stack's manager, or starts one.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.spec import Mode, ServiceSpec, TaskTemplate
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.lookup.stacks import Found
from stackferry.options.edits.edit import PayloadLookup
from stackferry.options.service_flags import edited
from stackferry.render.image_names import repository
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.cluster.objects import Cluster
    from stackferry.emulator.store.directories import Home
    from stackferry.emulator.store.store import Store


@dataclass(frozen=True, slots=True)
class NewService:
    """The service to create. `flags`: those of `options/service_flags.py`, by their names with underscores.

    `stack`: the name of the service's stack. `name`: empty to derive it from the image.
    `resolves_image`: ask the registry for the image's digest.
    """

    image: str
    stack: str
    command: tuple[str, ...] = ()
    name: str = ""
    mode: Mode = Mode.REPLICATED
    flags: Mapping[str, Any] = field(default_factory=dict)
    resolves_image: bool = True


class Created(NamedTuple):
    """The service as it was stored, and its stack."""

    id: str
    name: str
    found: Found


def new_spec(asked: NewService, payloads: PayloadLookup) -> ServiceSpec:
    """Build the spec from the flags. `payloads`: finds its secrets and configs.

    Raises StackferryError in docker's words for an invalid flag.
    """
    if asked.flags.get("replicas") is not None and asked.mode.is_global:
        raise StackferryError("replicas can only be used with replicated or replicated-job mode", "omit --replicas")
    container = ContainerSpec(asked.image, args=asked.command or None)
    name = asked.name or repository(asked.image).rpartition("/")[2]
    return edited(ServiceSpec(name, asked.mode, task=TaskTemplate(container)), asked.flags, payloads)


def create_service(session: Session, asked: NewService) -> Created:
    """Create the service. Raises StackferryError, before anything is stored, for what a swarm would refuse."""
    from stackferry.deploy.admission import admit
    from stackferry.deploy.ingress import refuse_foreign_ingress
    from stackferry.deploy.surroundings import refuse_foreign_folder
    from stackferry.emulator.manager.engine_lock import refuse_rival
    from stackferry.emulator.manager.presence import ensure_running
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import StoreGoneError
    from stackferry.engine import connect
    from stackferry.images.digests import resolved_one
    from stackferry.lookup.payloads import StoredPayloads

    payloads = PayloadLookup(StoredPayloads(session))
    spec, stack = new_spec(asked, payloads), asked.stack
    admit(session, spec)
    refuse_foreign_folder(session, [spec])
    refuse_foreign_ingress(session, stack, spec)
    if asked.resolves_image:
        spec = resolved_one(connect(session), spec, session.note)
    place = home(session.environment, stack)
    if not place.database.exists():
        refuse_rival(place, stack, connect(session))
    while True:
        # The manager of a stack whose last service was removed may delete the store at this moment.
        with suppress(StoreGoneError):
            service_id, cluster = _stored(session, place, stack, spec, payloads.taken)
            break
    ensure_running(place, stack, session.environment)
    return Created(service_id, spec.name, Found(stack, place, cluster))


def _stored(
    session: Session, place: "Home", stack: str, spec: "ServiceSpec", taken: dict[str, bytes]
) -> "tuple[str, Cluster]":
    """Store the service; returns its id and the cluster. A failure leaves no new stack behind."""
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
    """Store the service, and a node if the stack has none yet; returns the service's id."""
    import time
    from dataclasses import replace
    from random import SystemRandom

    from stackferry.deploy.ingress import reached, record_ingress
    from stackferry.emulator.control.change import create_service as with_new
    from stackferry.emulator.control.nodes import nodes_of
    from stackferry.engine import connect

    nodes = None if store.nodes() else nodes_of(stack, (), connect(session).version(), time.time())

    def edit(cluster: "Cluster") -> "Cluster":
        cluster = cluster if nodes is None else replace(cluster, nodes=nodes)
        return with_new(cluster, reached(spec, stack), time.time(), SystemRandom())

    record_ingress(store, stack, spec)
    if taken:
        with store.transaction():
            store.put_payloads(taken)
    return list(store.change(edit).services)[-1]
