"""What `up` and `stack deploy` have in common: the chosen stack is loaded, its images are built, its state is written.

Returns before anything runs: the manager does the rest, and `up/wait.py` shows it.
"""

import os
import time
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from stackferry.deploy.changed import Changed, changed, whole, with_kept_volumes, with_others
from stackferry.deploy.present import Present
from stackferry.deploy.surroundings import meet, plan_lines, warnings
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.control.deployment import Deployed, Deployment, StackRecord, deploy
from stackferry.emulator.control.nodes import nodes_of, suited
from stackferry.emulator.desired.nodes import numbered
from stackferry.emulator.desired.stack import DesiredOptions, DesiredStack, desired
from stackferry.emulator.manager.engine_lock import refuse_rival
from stackferry.emulator.manager.lock import manager_pid
from stackferry.emulator.store.directories import Home, home
from stackferry.emulator.store.store import Store, StoreGoneError
from stackferry.emulator.store.user_payloads import owned
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.images.build import build_images
from stackferry.images.outdated import as_they_are, outdated
from stackferry.images.pull import have_images
from stackferry.options.stack_options import load_stack, requested
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackferry.emulator.control.plan import Plan
    from stackferry.emulator.engine.protocol import Engine
    from stackferry.grammar.compose.load import Loaded
    from stackferry.grammar.compose.model.model import Project
    from stackferry.images.digests import ResolveImage


@dataclass(frozen=True, slots=True)
class Wish:
    """What the options say. `nodes` 0: those of the file, else those that there are. `only`: services by their keys.

    `by_image`: tasks are replaced, too, whose image has another content now, as docker compose does and no swarm.

    `alone`: without what they depend on. `anew`: tasks are replaced though nothing changed, `deps_anew`: those that
    the named services depend on. `pull`: when to fetch images, for once. `grace`: seconds for tasks that are replaced
    now.
    `job`: the one service of `only` may be a job. `known`: services that there must be. `kept`: nothing that is there
    is replaced (`--no-recreate`).
    `as_docker`: secrets and configs that no service uses are made too, and names have to be a swarm's.
    `resolve`: when registries are asked which image a name means (`images/digests.py`).
    """

    only: tuple[str, ...] = ()
    build: bool = False
    nodes: int = 0
    prune: bool = True
    strict: bool = False
    bug_compatible: bool = False
    scale: tuple[tuple[str, int], ...] = ()
    alone: bool = False
    anew: bool = False
    no_build: bool = False
    pull: str = ""
    grace: float | None = None
    known: tuple[str, ...] = ()
    by_image: bool = False
    kept: bool = False
    as_docker: bool = False
    resolve: "ResolveImage | None" = None
    deps_anew: bool = False
    quiet_build: bool = False
    quiet_pull: bool = False
    job: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """A stack whose wanted state was stored by `deployment`. `made`: what is new in it, as `network shop_back`."""

    home: Home
    stack: str
    desired: DesiredStack
    deployed: Deployed
    deployment: Deployment
    made: tuple[str, ...] = ()


def wanted(session: Session, wish: Wish) -> "tuple[Loaded, DesiredStack]":
    """The stack of the files, and what is wanted of it."""
    from stackferry.deploy.admission import admit_images, admit_names
    from stackferry.emulator.store.user_payloads import stored

    loaded, project = _loaded(session, wish)
    stack = desired(
        project,
        session.files,
        stored=stored(session.environment),
        options=DesiredOptions(wish.strict, wish.bug_compatible, unused=wish.as_docker, origin=loaded.origin),
    )
    session.report(stack.warnings)
    admit_images(stack)
    if wish.as_docker:
        admit_names(stack)
    missing = [key for key in wish.known if key not in stack.names]
    if missing:
        from stackferry.lookup.lookup import no_such

        raise no_such("service", missing, stack.names)
    return loaded, _scaled(_narrowed(stack, wish), wish)


def _loaded(session: Session, wish: Wish) -> "tuple[Loaded, Project]":
    """The stack of the files; for a job that is run by hand, it and what it depends on, all as services."""
    # What is wrong with a schedule is an error here; and a stack file of docker's may well say its version.
    untold = {"invalid-schedule", *(("version-obsolete",) if wish.as_docker else ())}
    request = replace(requested(session), all_resources=wish.as_docker)
    try:
        loaded = load_stack(session, replace(request, services=wish.only), untold=untold)
    except StackferryError:
        if not wish.job:
            raise
        # As docker compose: what is no service may be a job.
        from stackferry.emulator.desired.jobs import run_by_hand

        loaded = load_stack(session, request, untold=untold)
        project = run_by_hand(loaded.project, wish.only[0])
        if project is None:
            raise
        return loaded, project
    return loaded, loaded.project


def _narrowed(stack: DesiredStack, wish: Wish) -> DesiredStack:
    """The stack with what `--no-deps` leaves of it."""
    if not wish.alone or not wish.only:
        return stack
    names = {key: name for key, name in stack.names.items() if key in wish.only}
    services = tuple(one for one in stack.services if one.name in names.values())
    builds = tuple(one for one in stack.builds if one.service in names)
    return replace(stack, services=services, names=names, builds=builds)


def _scaled(stack: DesiredStack, wish: Wish) -> DesiredStack:
    """The stack with the numbers of `--scale`, by keys of the file or full names."""
    from stackferry.emulator.control.change import scaled
    from stackferry.lookup.lookup import no_such

    counts = {stack.names.get(key, key): count for key, count in wish.scale}
    known = {one.name for one in stack.services}
    missing = [key for key, _ in wish.scale if stack.names.get(key, key) not in known]
    if missing:
        raise no_such("service", missing, [*stack.names, *known])
    services = tuple(scaled(one, counts[one.name]) if one.name in counts else one for one in stack.services)
    return replace(stack, services=services)


def put_in_force(session: Session, engine: "Engine", wish: Wish) -> Ready:
    """Load, build, write."""
    loaded, stack = wanted(session, wish)
    present = Present(engine)
    session.report(warnings(meet(session, present, stack, loaded.origin), loaded.origin))
    place = home(session.environment, stack.name)
    found = _changed(present, stack, _there(place), wish, loaded)
    session.report(found.warnings(loaded.origin))
    for line in found.notes():
        session.note(line)
    if not wish.no_build:
        build_images(session, engine, stack.builds, always=wish.build, quiet=wish.quiet_build)
    have_images(session, engine, stack, wish.pull, quiet=wish.quiet_pull)
    refuse_rival(place, stack.name, engine)
    if wish.resolve:
        stack = replace(stack, services=_resolved(session, engine, stack, _there(place), wish.resolve))
    if not place.database.exists():
        # What is refused leaves no store behind.
        _deployed(Cluster(), stack, wish, engine, frozenset(), found)
    if manager_pid(place) is None:
        session.in_own_process()
    while True:
        # `down` may take the store away at this very moment: then it is a new one that is written.
        with suppress(StoreGoneError):
            return Ready(place, stack.name, stack, *_written(session, place, loaded, stack, engine, wish, found))


def _changed(present: Present, stack: DesiredStack, before: Cluster, wish: Wish, loaded: "Loaded") -> Changed:
    """What of networks and volumes is otherwise than the files say; `--no-recreate` leaves networks as they are."""
    found = changed(present, stack, before, loaded.origin)
    return found._replace(networks=()) if wish.kept else found


def _there(place: Home) -> Cluster:
    """What is stored of the stack."""
    if not place.database.exists():
        return Cluster()
    store = Store(place.database)
    try:
        return store.load()
    finally:
        store.close()


def _resolved(
    session: Session, engine: "Engine", stack: DesiredStack, before: Cluster, how: "ResolveImage"
) -> tuple[ServiceSpec, ...]:
    """The services with the digests of their images; those that are built here have none."""
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
    wish: Wish,
    found: Changed,
) -> tuple[Deployed, Deployment, tuple[str, ...]]:
    store = Store(place.database)
    try:
        # Not in the transaction: the manager would wait for what the engine answers.
        stale = _stale(store.load(), stack, wish, engine)
        with store.transaction():
            before = store.load()
            done = _deployed(before, stack, wish, engine, stale, found)
            if done.created or done.updated or done.removed:
                session.in_own_process()
            store.save(before, done.cluster)
            known = store.document("stack", StackRecord) or StackRecord(stack.name)
            kept = record(whole(stack, known) if wish.only else stack, loaded, known, strict=wish.strict)
            deployment = Deployment(os.getpid(), time.time(), kept.files, (*done.updated, *done.removed))
            store.put_document("stack", replace(kept.deployed(deployment), outdated=found.outdated))
            store.put_payloads(stack.stored_contents())
    finally:
        store.close()
    return done, deployment, tuple(_made(stack, known))


def _made(stack: DesiredStack, known: StackRecord) -> "Iterator[str]":
    """Networks, secrets and configs of the stack that were not in it before, in docker's order."""
    networks = {one.name for one in known.networks}
    yield from (f"network {one.name}" for one in stack.networks if not one.external and one.name not in networks)
    there = {(one.kind, one.name) for one in known.owned}
    for kind in ("secret", "config"):
        new = (one for one in stack.payloads if one.kind == kind and not one.external)
        yield from (f"{kind} {one.name}" for one in new if (kind, one.name) not in there)


def what_would_be_done(session: Session, engine: "Engine", wish: Wish) -> "Plan":
    """The plan of the deployment; nothing is built or written."""
    from stackferry.emulator.control.host_ports import rebound
    from stackferry.emulator.control.plan import plan

    loaded, stack = wanted(session, wish)
    present = Present(engine)
    volumes = plan_lines(meet(session, present, stack, loaded.origin))
    place = home(session.environment, stack.name)
    before = _there(place)
    found = _changed(present, stack, before, wish, loaded)
    stale = _stale(before, stack, wish, engine)
    after = _deployed(before, stack, wish, engine, stale, found).cluster
    moved = rebound(before.nodes, after.nodes, before.services.values())
    reasons = {
        **dict.fromkeys(moved, "ports of mode host (bound at the node's own address where there are several)"),
        **found.reasons(one.spec for one in before.services.values()),
        **_forced(stack, wish),
        **dict.fromkeys(stale, "image (built or pulled anew)"),
    }
    return plan(before, after, reasons, volumes, found.steps())


def _stale(before: Cluster, stack: DesiredStack, wish: Wish, engine: "Engine") -> frozenset[str]:
    """Services whose tasks are to be replaced because their image is another one now."""
    if not wish.by_image or wish.kept:
        return frozenset()
    return frozenset(outdated(engine, before, stack.services))


def _forced(stack: DesiredStack, wish: Wish) -> dict[str, str]:
    """Services whose tasks are to be replaced because an option says so, and which."""
    found = {}
    for key, name in stack.names.items():
        if not wish.only or key in wish.only:
            if wish.anew:
                found[name] = "--force-recreate"
        elif wish.deps_anew:
            found[name] = "--always-recreate-deps"
    return found


def _deployed(
    before: Cluster, stack: DesiredStack, wish: Wish, engine: "Engine", stale: frozenset[str], found: Changed
) -> Deployed:
    specs = suited(numbered(wish.nodes) if wish.nodes else stack.nodes, before.nodes)
    now = time.time()
    nodes = nodes_of(stack.name, specs, engine.version(), now)
    there = {name: one.spec for name, one in before.by_name().items()}
    wanted = with_kept_volumes(stack.services, there, found.volumes)
    services = as_they_are(before, wanted) if wish.kept else wanted
    inside = found.reasons(there.values())
    only = frozenset(stack.names.values()) if wish.only else None
    done = deploy(
        before,
        services,
        nodes,
        now,
        Random(),  # noqa: S311 - ids, not secrets
        prune=wish.prune,
        only=only,
        anew=stale.union(_forced(stack, wish), inside),
        grace=wish.grace,
        asked=bool(specs),
        single=wish.alone,
    )
    meant = {one.name for one in services if only is None or one.name in only}
    return replace(done, cluster=with_others(done.cluster, inside.keys() - meant, now))


def record(
    stack: DesiredStack, loaded: "Loaded | None", known: StackRecord | None = None, *, strict: bool = False
) -> StackRecord:
    """What is kept of a stack beside its services; `known` is what was kept of it before."""
    return StackRecord(
        stack.name,
        stack.networks,
        stack.volumes,
        {f"{one.kind}/{one.name}": one.digest for one in stack.payloads},
        loaded.directory if loaded else "",
        tuple(str(file) for file in loaded.files) if loaded else (),
        strict,
        owned(stack.name, stack.payloads, known.owned if known else (), time.time()),
        known.deployments if known else (),
    )
