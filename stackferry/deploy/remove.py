"""Removes a stack for `down` and `stack rm`, and waits until nothing of it is left.

Only objects with the stack's label are removed; foreign objects under its names are reported and stay.
"""

import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from stackferry.emulator.cluster.labels import STACK
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.control.change import remove_service, with_grace
from stackferry.emulator.engine.protocol import Engine, EngineError
from stackferry.emulator.manager.lock import ManagerLock, manager_pid
from stackferry.emulator.manager.supervision import leave, outlasted
from stackferry.emulator.manager.wake import wake
from stackferry.emulator.store.directories import Home, discard, home
from stackferry.emulator.store.store import Store, StoreError, StoreGoneError
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stackferry.emulator.cluster.objects import Service
    from stackferry.emulator.control.deployment import StackRecord
    from stackferry.emulator.manager.manager import Manager

Show = Callable[[Cluster], None]

LOOK = 0.05

ALIVE = 1.0
"""Seconds between checks for a manager, which may be killed at any time."""

_LOST_COUNT = "no container is connected to it; restart the engine if it still considers it in use"

PATIENCE = 5.0
"""Seconds to wait until networks are unused."""


def end(
    session: Session,
    stack: str,
    *,
    volumes: bool,
    timeout: float | None = None,
    say: Callable[[str], None] | None = None,
) -> int:
    """Remove every service and wait, then remove what belonged to the stack. `say` gets a line per removed object.

    Without `say`, services are shown as progress.
    """
    while True:
        # A concurrent `down` may be faster: then there is nothing left to do.
        with suppress(StoreGoneError):
            return _end(session, stack, volumes=volumes, timeout=timeout, say=say)


def _end(
    session: Session, stack: str, *, volumes: bool, timeout: float | None, say: Callable[[str], None] | None
) -> int:
    import gc

    gc.enable()
    place = home(session.environment, stack)
    engine: Engine | None = None
    if manager_pid(place) is None or not place.database.exists():
        engine = _own_engine(session, place, stack)
    if engine is not None and not place.database.exists():
        if not _remains(engine, stack, volumes=volumes):
            if manager_pid(place) is None:
                discard(place)
            session.note(f"Nothing found in stack: {stack}")
            return 0
        # The store was lost; labels still identify the stack's objects.
        Store(place.database).close()
    store = Store(place.database)
    services = store.services()
    if say is not None:
        _announce(session, place, stack, store, services, say)
    live = say is None and session.redraws(error_stream=True) and not session.silent
    if say is None and not live:
        for name in sorted(one.spec.name for one in services.values() if not one.removed):
            session.note(f"Removing service {name}")
    begun = store.load() if live else Cluster()
    going = _going(place, store, timeout)
    # Wake the manager now, so that it works while this process imports what it needs later.
    wake(place)
    from stackferry.deploy.surroundings import farewell

    record = _record(store, stack)
    there = engine or _own_engine(session, place, stack)

    from stackferry.emulator.agent.secret_files import SecretFiles, runtime_root

    kept: list[str] = []
    left: list[str] = []

    def clean() -> None:
        kept.extend(_clean(there, stack, volumes=volumes))
        left.extend(farewell(there, record, volumes=volumes))
        SecretFiles(runtime_root(session.environment) / stack).clear()

    with _shown(session, begun, live=live) as show:
        if going is None:
            ended = _end_unsaved(session, place, stack, there, timeout)
        else:
            ended = _run_until_gone(session, place, stack, there, store, going, show)
        _finish(place, store, clean, ended)
    store.close()
    for line in (*kept, *left):
        session.note(line)
    return 1 if kept else 0


@contextmanager
def _shown(session: Session, begun: Cluster, *, live: bool) -> "Iterator[Show | None]":
    """On a terminal, show the progress of the removal: gives a function that takes the cluster. Elsewhere None."""
    if not live:
        yield None
        return
    from stackferry.display.progress import display_for
    from stackferry.emulator.control.endings import endings, leaving

    gone = leaving(begun)
    with display_for(session, quiet=False, done="removed") as display:
        display.show(endings(gone, begun, removed=True))
        yield lambda cluster: display.show(endings(gone, cluster, removed=True))


def _record(store: Store, stack: str) -> "StackRecord":
    from stackferry.emulator.control.deployment import StackRecord

    return store.document("stack", StackRecord) or StackRecord(stack)


def _announce(
    session: Session,
    place: Home,
    stack: str,
    store: Store,
    services: "Mapping[str, Service]",
    say: Callable[[str], None],
) -> None:
    """Say a line for each object that is removed."""
    from stackferry.deploy.present import Present
    from stackferry.deploy.surroundings import foreign_networks
    from stackferry.lookup.payloads import farewells

    record = _record(store, stack)
    staying: list[str] = []
    # The removal is written down even if no engine answers.
    with suppress(EngineError):
        engine = _own_engine(session, place, stack)
        staying += [one.name for one in foreign_networks(Present(engine), stack, record.networks)]
    for line in farewells(services, record, staying):
        say(line)


def _own_engine(session: Session, place: Home, stack: str) -> Engine:
    """The engine, unless another manager has locked this stack on it."""
    from stackferry.emulator.manager.engine_lock import refuse_rival
    from stackferry.engine import connect

    engine = connect(session)
    refuse_rival(place, stack, engine)
    return engine


def _going(place: Home, store: Store, timeout: float | None) -> frozenset[str] | None:
    """Store that every service is to be removed; returns their ids, or None without a manager on a full disk."""
    try:
        return frozenset(store.change(lambda cluster: _without_services(cluster, timeout)).services)
    except StoreGoneError:
        raise
    except StoreError:
        if manager_pid(place) is not None:
            raise
        return None


def _end_unsaved(session: Session, place: Home, stack: str, engine: Engine, timeout: float | None) -> frozenset[str]:
    """Remove all services, unsaved, with a manager in this process, which reports the full disk; returns their ids."""
    from stackferry.emulator.manager.manager import Manager

    leave(place, stack, session.environment)
    manager = Manager(place, stack, engine, session.environment)
    manager.loop.cluster = _without_services(manager.loop.cluster, timeout)
    going = frozenset(manager.loop.cluster.services)
    _be_manager(manager, going)
    return going


def _finish(place: Home, store: Store, clean: Callable[[], None], ended: frozenset[str] = frozenset()) -> None:
    """Remove what is left and the stored state, unless the stack was deployed again meanwhile.

    The lock keeps managers out and the transaction keeps commands out: whoever writes next begins a new state.
    `ended`: services that are gone although a full disk prevented saving that. No process is left that would start a
    manager.
    """

    def gone() -> bool:
        cluster = store.load()
        return cluster.gone or (bool(ended) and cluster.services.keys() <= ended)

    lock = ManagerLock(place)
    while not lock.acquire():
        if not gone():
            return
        time.sleep(LOOK)
    with outlasted(place):
        try:
            with store.transaction():
                if gone():
                    clean()
                    discard(place)
        except StoreGoneError:
            if not place.database.exists():
                discard(place)
            raise
        finally:
            lock.release()


def _without_services(cluster: Cluster, timeout: float | None) -> Cluster:
    for service_id in cluster.services:
        cluster = remove_service(with_grace(cluster, service_id, timeout), service_id)
    return cluster


def _run_until_gone(
    session: Session,
    place: Home,
    stack: str,
    engine: Engine,
    store: Store,
    going: frozenset[str],
    show: "Show | None",
) -> frozenset[str]:
    """Wait for the running manager to remove these services; without one, be the manager in this process.

    Returns the services whose removal could not be saved: the store still has them.
    """
    while going & store.services().keys():
        if manager_pid(place) is None:
            from stackferry.emulator.manager.manager import Manager, ManagerRunsError

            leave(place, stack, session.environment)
            # A manager that has just been started does the work as well.
            with suppress(ManagerRunsError):
                if not _be_manager(Manager(place, stack, engine, session.environment, show or _show_nothing), going):
                    return going
            continue
        # Wake it again: the first time, the manager may not have been listening yet.
        wake(place)
        look_again = time.monotonic() + ALIVE
        while time.monotonic() < look_again:
            if store.written_by_others():
                if show is not None:
                    show(store.load())
                if not going & store.services().keys():
                    break
            time.sleep(LOOK)
    if show is not None:
        show(store.load())
    return frozenset()


def _show_nothing(_: Cluster) -> None:
    """Show no progress."""


def _be_manager(manager: "Manager", going: frozenset[str]) -> bool:
    """Run the manager until the services are gone; returns whether that could be saved."""
    manager.run(lambda cluster: manager.loop.idle and not going & cluster.services.keys())
    return manager.loop.saved is manager.loop.cluster


def _remains(engine: Engine, stack: str, *, volumes: bool) -> bool:
    labels = {STACK: stack}
    return bool(engine.containers(labels) or engine.networks(labels) or (volumes and engine.volumes(labels)))


def _clean(engine: Engine, stack: str, *, volumes: bool) -> list[str]:
    """Remove what tasks leave behind; returns what could not be removed.

    Goes by labels alone: a lost store leaves nothing behind, and objects that only share a name stay.
    """
    _remove_containers(engine, stack)
    deadline = time.monotonic() + PATIENCE
    held = {network.name: _removed(engine, stack, network.id, deadline) for network in engine.networks({STACK: stack})}
    if volumes:
        for volume in engine.volumes({STACK: stack}):
            engine.remove_volume(volume.name)
    return [f"network {name} stays: {error}" for name, error in held.items() if error]


def _remove_containers(engine: Engine, stack: str) -> None:
    for info in engine.containers({STACK: stack}):
        engine.remove(info.id)


def _removed(engine: Engine, stack: str, network: str, deadline: float) -> str:
    """Remove a network; returns what keeps it. Engines need a moment to drop endpoints of removed containers."""
    free_at = time.monotonic() + PATIENCE / 5
    while True:
        try:
            engine.remove_network(network)
        except EngineError as error:
            now = time.monotonic()
            if now < free_at:
                time.sleep(LOOK)
                continue
            legs = _freed(engine, stack, network)
            free_at = now + PATIENCE / 5
            if now > deadline:
                return f"{error.message}: {', '.join(legs) or _LOST_COUNT}"
        else:
            return ""


def _freed(engine: Engine, stack: str, network: str) -> list[str]:
    """Disconnect leftovers of the stack from a network; returns the foreign containers in it.

    A request of a manager that was killed may have taken effect late. And an engine may have lost track of endpoints
    of removed containers, and would then keep the network for ever.
    """
    _remove_containers(engine, stack)
    info = engine.inspect_network(network)
    there = []
    for name in info.legs if info else ():
        if engine.inspect(name) is not None:
            there.append(name)
            continue
        with suppress(EngineError):
            engine.disconnect(network, name)
    return there
