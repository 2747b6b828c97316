"""Deploys the chosen stack for `up` and `stack deploy`: loads it, builds its images, writes its desired state.

Returns before anything runs: the manager does the rest, and `up/wait.py` shows its progress.
"""

import os
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from stackferry.deploy.changed import Changed, changed
from stackferry.deploy.next_state import next_state, stale
from stackferry.deploy.present import Present
from stackferry.deploy.request import DeployRequest
from stackferry.deploy.stored import record, stored_cluster, whole
from stackferry.deploy.surroundings import meet, warnings
from stackferry.deploy.wanted import wanted
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.control.deployment import Deployed, Deployment, StackRecord
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.manager.engine_lock import refuse_rival
from stackferry.emulator.manager.lock import manager_pid
from stackferry.emulator.store.directories import Home, home
from stackferry.emulator.store.store import Store, StoreGoneError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.images.build import build_images
from stackferry.images.pull import have_images
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackferry.emulator.engine.protocol import Engine
    from stackferry.grammar.compose.load import Loaded
    from stackferry.images.digests import ResolveImage


@dataclass(frozen=True, slots=True)
class Ready:
    """A stack whose desired state was stored by `deployment`. `made`: new objects, such as `network shop_back`."""

    home: Home
    stack: str
    desired: DesiredStack
    deployed: Deployed
    deployment: Deployment
    made: tuple[str, ...] = ()


def put_in_force(session: Session, engine: "Engine", request: DeployRequest) -> Ready:
    """Load the stack, build its images, write its state."""
    loaded, stack = wanted(session, request.services, request.flavour)
    present = Present(engine)
    session.report(warnings(meet(session, present, stack, loaded.origin), loaded.origin))
    place = home(session.environment, stack.name)
    found = changed(present, stack, stored_cluster(place), loaded.origin).under(request.rollout)
    session.report(found.warnings(loaded.origin))
    for line in found.notes():
        session.note(line)
    images = request.images
    if images.build != "never":
        build_images(session, engine, stack.builds, always=images.build == "always", quiet=images.quiet_build)
    have_images(session, engine, stack, images.pull or "", quiet=images.quiet_pull)
    refuse_rival(place, stack.name, engine)
    if images.resolve:
        stack = replace(stack, services=_resolved(session, engine, stack, stored_cluster(place), images.resolve))
    if not place.database.exists():
        # A refused deployment must not leave a store behind.
        next_state(Cluster(), stack, request, engine, frozenset(), found)
    if manager_pid(place) is None:
        session.in_own_process()
    while True:
        # A concurrent `down` may remove the store: then the state goes into a new one.
        with suppress(StoreGoneError):
            return Ready(place, stack.name, stack, *_written(session, place, loaded, stack, engine, request, found))


def _resolved(
    session: Session, engine: "Engine", stack: DesiredStack, before: Cluster, how: "ResolveImage"
) -> tuple[ServiceSpec, ...]:
    """The services with the digests of their images; images that are built here have none."""
    from stackferry.images.digests import resolved

    built = {spec.image for spec in stack.builds}
    there = {name: one.spec for name, one in before.by_name().items()}
    return resolved(engine, stack.services, there, how, built, session.note)


def _written(
    session: Session,
    place: Home,
    loaded: "Loaded",
    stack: DesiredStack,
    engine: "Engine",
    request: DeployRequest,
    found: Changed,
) -> tuple[Deployed, Deployment, tuple[str, ...]]:
    store = Store(place.database)
    try:
        # Outside of the transaction: the manager would have to wait for the engine's answers.
        other_images = stale(store.load(), stack, request.rollout, engine)
        with store.transaction():
            before = store.load()
            done = next_state(before, stack, request, engine, other_images, found)
            if done.created or done.updated or done.removed:
                session.in_own_process()
            store.save(before, done.cluster)
            store.tell(time.time(), before, done.cluster)
            known = store.document("stack", StackRecord) or StackRecord(stack.name)
            kept = record(
                whole(stack, known) if request.services.named else stack,
                loaded,
                known,
                strict=request.flavour.strict,
            )
            deployment = Deployment(os.getpid(), time.time(), kept.files, (*done.updated, *done.removed))
            store.put_document("stack", replace(kept.deployed(deployment), outdated=found.outdated))
            store.put_payloads(stack.stored_contents())
    finally:
        store.close()
    return done, deployment, tuple(_made(stack, known))


def _made(stack: DesiredStack, known: StackRecord) -> "Iterator[str]":
    """New networks, secrets and configs of the stack, in docker's order."""
    networks = {one.name for one in known.networks}
    yield from (f"network {one.name}" for one in stack.networks if not one.external and one.name not in networks)
    there = {(one.kind, one.name) for one in known.owned}
    for kind in ("secret", "config"):
        new = (one for one in stack.payloads if one.kind == kind and not one.external)
        yield from (f"{kind} {one.name}" for one in new if (kind, one.name) not in there)
