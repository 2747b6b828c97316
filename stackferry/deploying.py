"""What `up` and `stack deploy` have in common: the chosen stack is loaded, its images are built, its state is written.

Returns before anything runs: the manager does the rest, and `following.py` shows it.
"""

import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from emulator.deployment import Deployed, StackRecord, deploy
from emulator.desired import DesiredStack, Options, desired
from emulator.home import Home, home
from emulator.nodes import nodes_of, numbered
from emulator.store import Store
from stackferry.building import build_images
from stackferry.session import Session
from stackferry.stack import load_stack, requested

if TYPE_CHECKING:
    from emulator.cluster import Cluster
    from emulator.door import Engine
    from emulator.plan import Plan
    from grammar.compose.load import Loaded


@dataclass(frozen=True, slots=True)
class Wish:
    """What the options say. `nodes` 0: those of the file, else one. `only`: services by their keys."""

    only: tuple[str, ...] = ()
    build: bool = False
    nodes: int = 0
    prune: bool = True
    strict: bool = False
    scale: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """A stack whose wanted state is in the store."""

    home: Home
    stack: str
    desired: DesiredStack
    deployed: Deployed


def wanted(session: Session, wish: Wish) -> "tuple[Loaded, DesiredStack]":
    """The stack of the files, and what is wanted of it."""
    from dataclasses import replace

    from emulator.objects import stored

    loaded = load_stack(session, replace(requested(session), services=wish.only))
    stack = desired(
        loaded.project,
        session.files,
        stored=stored(session.environment),
        options=Options(strict_swarm=wish.strict, origin=loaded.origin),
    )
    session.report(stack.warnings)
    return loaded, _scaled(stack, wish)


def _scaled(stack: DesiredStack, wish: Wish) -> DesiredStack:
    from dataclasses import replace

    counts = {stack.names.get(key, key): count for key, count in wish.scale}
    services = tuple(replace(one, replicas=counts[one.name]) if one.name in counts else one for one in stack.services)
    return replace(stack, services=services)


def put_in_force(session: Session, engine: "Engine", wish: Wish) -> Ready:
    """Load, build, write."""
    loaded, stack = wanted(session, wish)
    build_images(session, engine, stack.builds, always=wish.build)
    place = home(session.environment, stack.name)
    store = Store(place.database)
    try:
        with store.transaction():
            before = store.load()
            done = _deployed(before, stack, wish, engine)
            store.save(before, done.cluster)
            store.put_document("stack", record(stack, loaded))
            store.put_payloads(stack.stored_contents())
    finally:
        store.close()
    return Ready(place, stack.name, stack, done)


def what_would_be_done(session: Session, engine: "Engine", wish: Wish) -> "Plan":
    """The plan of the deployment; nothing is built or written."""
    from emulator.cluster import Cluster
    from emulator.plan import plan

    _, stack = wanted(session, wish)
    place = home(session.environment, stack.name)
    before = Cluster()
    if place.database.exists():
        store = Store(place.database)
        before = store.load()
        store.close()
    return plan(before, _deployed(before, stack, wish, engine).cluster)


def _deployed(before: "Cluster", stack: DesiredStack, wish: Wish, engine: "Engine") -> Deployed:
    nodes = nodes_of(stack.name, numbered(wish.nodes) if wish.nodes else stack.nodes, engine.version())
    return deploy(
        before,
        stack.services,
        nodes,
        time.time(),
        Random(),  # noqa: S311 - ids, not secrets
        prune=wish.prune,
        only=frozenset(stack.names.values()) if wish.only else None,
    )


def record(stack: DesiredStack, loaded: "Loaded | None") -> StackRecord:
    """What is kept of a stack beside its services."""
    return StackRecord(
        stack.name,
        stack.networks,
        stack.volumes,
        {f"{one.kind}/{one.name}": one.digest for one in stack.payloads},
        loaded.directory if loaded else "",
        tuple(str(file) for file in loaded.files) if loaded else (),
    )
