"""Putting a desired stack into effect: what `up` and `stack deploy` write in one transaction. Pure but for ids.

Services are created, updated if their spec differs, and removed if the file no longer has them; networks, volumes and
payloads go into the stack's record, and the agent creates them when a task needs them.
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
"""Deployments that a stack's record keeps."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One `up` or `stack deploy`, recorded for commands that it supersedes: `process` at `date`, with `files`.

    `changed`: the earlier services that it changed or removed.
    """

    process: int
    date: float
    files: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StackRecord:
    """What a stack was deployed with, apart from its services. `ls` shows `files` and `directory`.

    `strict`: do as a swarm does, even where that is slower. `owned` are the secrets and configs that it created.
    `deployments`: the last few, in order. `outdated`: the engine's ids of networks that are to be replaced by the
    networks of the same names in `networks`.
    `ends`: its state goes with its last service (manager/farewell.py); a deployment resets that.
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
        """The first deployment after the given one that changed one of these services."""
        known = self.deployments
        # After many later deployments, the given one was forgotten.
        later = known[known.index(deployment) + 1 :] if deployment in known else known
        return next((one for one in later if not set(services).isdisjoint(one.changed)), None)


@dataclass(frozen=True, slots=True)
class Deployed:
    """The cluster after a deployment and, for the user, what happened to each service."""

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
    """The cluster with these services; raises StackferryError if two of them want the same port.

    `only` names the services to deploy (None: all); others are left alone.
    `anew`: services whose tasks are replaced although nothing changed. `grace`: seconds for tasks to end in.
    `single`: services that depend on these are not restarted.
    `asked`: whether somebody asked for these nodes; otherwise they are the default for a new stack.
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
        # How often a restart was forced comes from the user, not from the file.
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
    """Raises if a service wants a port of another, in their order; a new service has no id yet that could be shown."""
    there = cluster.by_name()
    before = [one for name, one in there.items() if name not in names]
    for service in (there[name] for name in names):
        word = "create" if service.spec.name in created else "update"
        refuse_taken(service.spec, before, f"failed to {word} service {service.spec.name}: ")
        before.append(replace(service, id="") if word == "create" else service)
