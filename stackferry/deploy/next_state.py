"""Computes the next state from the stored one and the files: which tasks a deployment replaces, and why.

Between `wanted.py` and `deploy.py`, which stores the state, or `plan.py`, which only shows what would change.
"""

import time
from collections.abc import Collection
from dataclasses import replace
from random import Random

from stackferry.deploy.changed import Changed
from stackferry.deploy.kept_volumes import with_kept_volumes
from stackferry.deploy.request import DeployRequest, Rollout, ServiceSelection
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.control.change import force
from stackferry.emulator.control.deployment import Deployed, deploy
from stackferry.emulator.control.nodes import nodes_of, suited
from stackferry.emulator.desired.nodes import numbered
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.engine.protocol import Engine
from stackferry.images.outdated import as_they_are, outdated


def next_state(
    before: Cluster, stack: DesiredStack, request: DeployRequest, engine: Engine, stale: frozenset[str], found: Changed
) -> Deployed:
    """The cluster with the services of the stack in it.

    `stale`: the full names of services whose image has changed (function `stale`). `found`: differences of networks
    and volumes. Asks the engine for its version. Raises StackferryError for what a deployment refuses.
    """
    rollout, named = request.rollout, request.services.named
    specs = suited(numbered(rollout.nodes) if rollout.nodes else stack.nodes, before.nodes)
    now = time.time()
    nodes = nodes_of(stack.name, specs, engine.version(), now)
    there = {name: one.spec for name, one in before.by_name().items()}
    wanted = with_kept_volumes(stack.services, there, found.volumes)
    services = as_they_are(before, wanted) if rollout.recreate == "never" else wanted
    inside = found.reasons(there.values())
    only = frozenset(stack.names.values()) if named else None
    done = deploy(
        before,
        services,
        nodes,
        now,
        Random(),  # noqa: S311 - ids, not secrets
        prune=rollout.prune,
        only=only,
        anew=stale.union(forced(stack, request.services, rollout), inside),
        grace=rollout.grace,
        asked=bool(specs),
        single=not request.services.with_dependencies,
    )
    meant = {one.name for one in services if only is None or one.name in only}
    return replace(done, cluster=_with_others(done.cluster, inside.keys() - meant, now))


def _with_others(cluster: Cluster, names: Collection[str], now: float) -> Cluster:
    """Also replace the tasks of other services in a network that is replaced."""
    for name, service in cluster.by_name().items():
        if name in names and not service.stopped:
            cluster = force(cluster, service.id, now)
    return cluster


def stale(before: Cluster, stack: DesiredStack, rollout: Rollout, engine: Engine) -> frozenset[str]:
    """Full names of services whose tasks are to be replaced because their image has changed."""
    if not rollout.follow_images or rollout.recreate == "never":
        return frozenset()
    return frozenset(outdated(engine, before, stack.services))


def forced(stack: DesiredStack, chosen: ServiceSelection, rollout: Rollout) -> dict[str, str]:
    """Full names of services whose tasks an option says to replace, each with that option."""
    found = {}
    for key, name in stack.names.items():
        if not chosen.named or key in chosen.named:
            if rollout.recreate == "always":
                found[name] = "--force-recreate"
        elif rollout.recreate_dependencies:
            found[name] = "--always-recreate-deps"
    return found
