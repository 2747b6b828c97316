"""Putting a desired stack in force: what `up` and `stack deploy` write in one transaction. Pure but for ids.

Services are created, updated where their spec differs, and removed where the file no longer has them;
networks, volumes and payloads go into the stack's record, for the agent to make when a task needs them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace
from random import Random

from stackferry.emulator.cluster.objects import Cluster, Node
from stackferry.emulator.cluster.port_conflicts import refuse_taken
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.control.change import alone, create_service, remove_service, update_service, with_grace
from stackferry.emulator.control.host_ports import rebound
from stackferry.emulator.control.nodes import with_nodes
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.desired.volumes import VolumeSpec
from stackferry.emulator.store.user_payloads import StoredObject
from stackferry.grammar.lazy_dataclass import dataclass

KEPT = 8
"""Deployments that a stack's record has."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One `up` or `stack deploy`, for those that it took the stack from: `process` at `date`, with `files`.

    `changed`: the services of before that it has changed or removed.
    """

    process: int
    date: float
    files: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StackRecord:
    """What a stack was deployed with, apart from its services. `files` and `directory` are shown by `ls`.

    `strict`: as a swarm does it, also where that is slower. `owned` are the secrets and configs that it made.
    `deployments`: the last few, in their order.
    `outdated`: the engine's ids of networks that are to be replaced by those of the same names in `networks`.
    `ends`: its state goes with its last service (manager/farewell.py); a deployment begins anew.
    """

    name: str
    networks: tuple[NetworkSpec, ...] = ()
    volumes: tuple[VolumeSpec, ...] = ()
    payloads: Mapping[str, str] = field(default_factory=dict)
    directory: str = ""
    files: tuple[str, ...] = ()
    strict: bool = False
    owned: tuple[StoredObject, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    outdated: tuple[str, ...] = ()
    ends: bool = False

    def deployed(self, deployment: Deployment) -> "StackRecord":
        """The record after one more deployment."""
        return replace(self, deployments=(*self.deployments, deployment)[-KEPT:])

    def replacing(self, deployment: Deployment, services: Collection[str]) -> Deployment | None:
        """The first deployment after this one that has changed one of these services."""
        known = self.deployments
        # It has none of its own where so many came after it that it was forgotten.
        later = known[known.index(deployment) + 1 :] if deployment in known else known
        return next((one for one in later if not set(services).isdisjoint(one.changed)), None)


@dataclass(frozen=True, slots=True)
class Deployed:
    """The cluster after a deployment and, for the user, what became of which service."""

    cluster: Cluster
    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def deploy(
    cluster: Cluster,
    services: Sequence[ServiceSpec],
    nodes: Mapping[str, Node],
    now: float,
    chance: Random,
    *,
    prune: bool,
    only: frozenset[str] | None = None,
    anew: Collection[str] = (),
    grace: float | None = None,
    asked: bool = True,
    single: bool = False,
) -> Deployed:
    """The cluster with these services; raises StackferryError if two of them want one port.

    `only` names those that are meant (None: all); others are left alone.
    `anew`: those whose tasks are replaced though nothing changed. `grace`: seconds for tasks to end in.
    `single`: what depends on them is not restarted after them.
    `asked`: whether somebody asked for these nodes; they are those of a new stack otherwise.
    """
    nodes_before = cluster.nodes
    cluster = replace(cluster, nodes=with_nodes(cluster.nodes, nodes, asked=asked))
    there = cluster.by_name()
    anew = {*anew, *rebound(nodes_before, cluster.nodes, there.values())}
    created, updated, removed = [], [], []
    for spec in services:
        if only is not None and spec.name not in only:
            continue
        old = there.get(spec.name)
        if old is None:
            cluster = create_service(cluster, spec, now, chance)
            created.append(spec.name)
            continue
        # How often it was forced to start anew is the user's doing, not the file's.
        kept = replace(spec, task=replace(spec.task, force=old.spec.task.force + (spec.name in anew)))
        before = cluster if grace is None else with_grace(cluster, old.id, grace)
        after = update_service(before, old.id, kept, now)
        if after is not before:
            updated.append(spec.name)
            cluster = alone(after, old.id) if single else after
    wanted = {spec.name for spec in services}
    for name, old in there.items():
        if prune and only is None and name not in wanted:
            cluster = remove_service(cluster if grace is None else with_grace(cluster, old.id, grace), old.id)
            removed.append(name)
    _refuse_taken(cluster, [one.name for one in services if only is None or one.name in only], frozenset(created))
    return Deployed(cluster, tuple(created), tuple(updated), tuple(removed))


def _refuse_taken(cluster: Cluster, names: Sequence[str], created: Collection[str]) -> None:
    """Raises if one of these services, in their order, wants a port of another; a new one has no id to tell yet."""
    there = cluster.by_name()
    before = [one for name, one in there.items() if name not in names]
    for service in (there[name] for name in names):
        word = "create" if service.spec.name in created else "update"
        refuse_taken(service.spec, before, f"failed to {word} service {service.spec.name}: ")
        before.append(replace(service, id="") if word == "create" else service)
