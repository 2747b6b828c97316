"""Ends a stack: what `down` and `stack rm` have in common. Waits until nothing of it is left."""

import shutil
import time
from collections.abc import Callable
from contextlib import suppress

from emulator.change import remove_service, with_grace
from emulator.claim import refuse_rival
from emulator.cluster import Cluster
from emulator.deployment import StackRecord
from emulator.door import Engine, EngineError
from emulator.home import Home, home
from emulator.labels import STACK
from emulator.lock import manager_pid
from emulator.manager import Manager, ensure_running, is_gone
from emulator.store import Store
from stackferry.engine import connect
from stackferry.holdings import farewells
from stackferry.session import Session


def end(
    session: Session,
    stack: str,
    *,
    volumes: bool,
    timeout: float | None = None,
    say: Callable[[str], None] | None = None,
) -> int:
    """Remove every service, and wait; then what belonged to the stack. `say` gets a line for each thing that goes.

    Without it, services are told of as progress.
    """
    import gc

    gc.enable()
    place = home(session.environment, stack)
    engine = connect(session)
    refuse_rival(place, stack, engine)
    if not place.database.exists():
        if not _remains(engine, stack):
            session.note(f"Nothing found in stack: {stack}")
            return 0
        # The store was lost; the labels still say what there is.
        Store(place.database).close()
    store = Store(place.database)
    record = store.document("stack", StackRecord) or StackRecord(stack)
    lines = list(farewells(store.services(), record))
    if say is None:
        lines, say = [line for line in lines if line.startswith("Removing service")], session.note
    for line in lines:
        say(line)
    store.change(lambda cluster: _without_services(cluster, timeout))
    _run_until_gone(session, place, stack, engine, store)
    store.close()
    _clean(engine, stack, record, volumes=volumes)
    shutil.rmtree(place.directory, ignore_errors=True)
    return 0


def _without_services(cluster: Cluster, timeout: float | None) -> Cluster:
    for service_id in cluster.services:
        cluster = remove_service(with_grace(cluster, service_id, timeout), service_id)
    return cluster


def _run_until_gone(session: Session, place: Home, stack: str, engine: Engine, store: Store) -> None:
    """By the manager that runs; where none does, in this process."""
    while True:
        if manager_pid(place) is None:
            Manager(place, stack, engine, session.environment).run()
            return
        ensure_running(place, stack, session.environment)
        if is_gone(store.load()):
            return
        time.sleep(0.05)


def _remains(engine: Engine, stack: str) -> bool:
    return bool(engine.containers({STACK: stack}) or engine.networks({STACK: stack}))


def _clean(engine: Engine, stack: str, record: StackRecord, *, volumes: bool) -> None:
    """What tasks do not take with them. By labels, so that nothing is left that a lost store knew of."""
    for info in engine.containers({STACK: stack}):
        engine.remove(info.id)
    for network in engine.networks({STACK: stack}):
        with suppress(EngineError):
            engine.remove_network(network.id)
    if volumes:
        names = {spec.name for spec in record.volumes if not spec.external}
        for name in names | {one.name for one in engine.volumes({STACK: stack})}:
            engine.remove_volume(name)
