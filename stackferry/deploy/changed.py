"""Compares existing networks and volumes with the files, and decides what a deployment does about differences.

Runs before anything is built or written, like `surroundings.py`. A changed network of the stack is replaced, since an
engine cannot change a network; a foreign network that does not match is refused. A changed volume stays as it is.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stackferry.deploy.kept_volumes import KeptVolume, kept_volumes
from stackferry.deploy.present import Present
from stackferry.deploy.request import Rollout
from stackferry.emulator.cluster.labels import STACK
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.cluster.ownership import is_own
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.plan import Change, Step
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.engine.protocol import Engine
from stackferry.emulator.engine.resources import NetworkInfo
from stackferry.emulator.webnet.address import network_of
from stackferry.emulator.webnet.network_changes import Difference, differences, unmet
from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.notes import Origin, nearest


@dataclass(frozen=True, slots=True)
class ChangedNetwork:
    """A network of the stack that has to be replaced. `moves`: its addresses will change."""

    name: str
    id: str
    differences: tuple[Difference, ...]
    moves: bool = False


class Changed(NamedTuple):
    """Everything that differs. `lost`: names of networks that no longer exist although tasks run in them."""

    networks: tuple[ChangedNetwork, ...] = ()
    volumes: tuple[KeptVolume, ...] = ()
    lost: tuple[str, ...] = ()

    def under(self, rollout: Rollout) -> "Changed":
        """The changes under a rollout: a rollout that replaces no tasks leaves networks as they are."""
        return self._replace(networks=()) if rollout.recreate == "never" else self

    @property
    def outdated(self) -> tuple[str, ...]:
        """The engine's ids of the networks to remove."""
        return tuple(one.id for one in self.networks)

    def reasons(self, services: Iterable[ServiceSpec]) -> dict[str, str]:
        """Reasons to replace the tasks of services in such a network, by service name."""
        names = [one.name for one in self.networks]
        found = {spec.name: [name for name in names if name in spec.task.networks] for spec in services}
        return {service: f"network {', '.join(inside)}" for service, inside in found.items() if inside}

    def notes(self) -> Iterator[str]:
        """The lines to show as progress."""
        for network in self.networks:
            yield (
                f"network {network.name} is replaced because these changed: {', '.join(map(str, network.differences))}"
            )

    def warnings(self, origin: Origin) -> Iterator[Diagnostic]:
        """A warning for each volume that stays as it is."""
        for volume in self.volumes:
            section, _, _ = volume.keys[0].partition(".")
            yield Diagnostic(
                "volume-differs",
                Severity.WARNING,
                f"volume {volume.name} is {volume.stays}",
                nearest(("volumes", volume.key, section), origin),
                f"to recreate it, and lose the data in it: {volume.anew}",
            )

    def steps(self) -> Iterator[Step]:
        """The changes as steps of a plan."""
        for network in self.networks:
            text = "replace it, which closes the connections in it"
            text += ", and its tasks cannot resolve names until they are replaced" if network.moves else ""
            yield Step(Change.RENEW, f"network {network.name}", f"{text},", (), tuple(map(str, network.differences)))
        for name in self.lost:
            yield Step(
                Change.CREATE, f"network {name}", "the network was removed; create it again, and connect its tasks"
            )
        for volume in self.volumes:
            text = f"{volume.stays}; to recreate it, and lose its data: {volume.anew}"
            yield Step(Change.KEEP, f"volume {volume.name}", text)


def changed(present: Present, stack: DesiredStack, before: Cluster, origin: Origin) -> Changed:
    """What differs from the files; raises SourceError for what cannot be made as the files say.

    `before` is the stack as it runs.
    """
    used = {name for spec in stack.services for name in spec.task.networks}
    refused: list[Diagnostic] = []
    networks, lost = [], []
    running = (task for task in before.tasks.values() if task.state is TaskState.RUNNING and task.wanted)
    inside = {name for task in running for name in task.template.networks}
    for spec in stack.networks:
        info = present.network(spec.name) if spec.name in used else None
        if info is None:
            lost += [spec.name] if spec.name in used & inside and not spec.external else []
        elif spec.external:
            refused += _unmet(spec, info, origin)
        elif is_own(info.labels, stack.name) and (found := differences(spec, info)):
            refused += _hindrances(present.engine, stack.name, spec, info, origin)
            networks.append(ChangedNetwork(spec.name, info.id, found, _moves(found)))
    if refused:
        raise SourceError(refused)
    return Changed(tuple(networks), tuple(kept_volumes(present, stack)), tuple(lost))


def _moves(found: Iterable[Difference]) -> bool:
    return any(one.key in ("driver", "enable_ipv4") or one.key.startswith("ipam.") for one in found)


def _unmet(spec: NetworkSpec, info: NetworkInfo, origin: Origin) -> Iterator[Diagnostic]:
    for change in unmet(spec, info):
        yield Diagnostic(
            "external-network",
            Severity.ERROR,
            f"network {spec.name} is external, so it cannot be changed: its {change.key} is"
            f" {change.old}, not {change.new}",
            nearest(("networks", spec.key, *change.key.split(".", 1)), origin),
            f"remove {change.key}; or remove `external`, to give the stack its own network; or change"
            " the network outside of stackferry",
        )


def _hindrances(
    engine: Engine, stack: str, spec: NetworkSpec, info: NetworkInfo, origin: Origin
) -> Iterator[Diagnostic]:
    """The reasons why a network cannot be replaced."""
    span = nearest(("networks", spec.key), origin)
    own = {one.name for one in engine.containers({STACK: stack})}
    others = sorted(name for name in info.legs if name not in own and engine.inspect(name) is not None)
    if others:
        words = " and ".join(f"`docker network disconnect {spec.name} {name}`" for name in others)
        yield Diagnostic(
            "network-in-use",
            Severity.ERROR,
            f"network {spec.name} must be replaced, but containers that are not part of the stack are"
            f" connected to it: {', '.join(others)}",
            span,
            f"disconnect them first: {words}; or undo the change of the network",
        )
    for network in engine.networks({}):
        for subnet in _overlapping(spec, network) if network.id != info.id else ():
            yield Diagnostic(
                "subnet-taken",
                Severity.ERROR,
                f"network {spec.name} cannot have the subnet {subnet}: network {network.name} uses"
                f" {', '.join(network.subnets)}",
                nearest(("networks", spec.key, "ipam", "config"), origin),
                "choose another subnet, or remove that network first",
            )


def _overlapping(spec: NetworkSpec, other: NetworkInfo) -> Iterator[str]:
    # The engine itself refuses an invalid subnet.
    there = [found for text in other.subnets if (found := network_of(text))]
    for pool in spec.pools:
        asked = network_of(pool.subnet)
        if asked and any(asked.version == one.version and asked.overlaps(one) for one in there):
            yield pool.subnet
