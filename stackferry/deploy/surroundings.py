"""Finds foreign objects in the way of a deployment, before anything is built or written.

Networks and volumes are known by name only: the user, docker compose or another stack may have made one under a name
of the stack (`cluster/ownership.py` decides what happens then). And another stack may hold a port.
"""

from collections.abc import Iterable, Iterator, Mapping

from stackferry.deploy.present import Present
from stackferry.emulator.agent.secret_files import refuse_foreign, runtime_root
from stackferry.emulator.cluster.labels import STACK
from stackferry.emulator.cluster.ownership import is_own, left, network_in_the_way, origin_of, volume_in_use
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.desired.volumes import VolumeSpec
from stackferry.emulator.engine.protocol import Engine
from stackferry.emulator.webnet.desired_gates import outside_network
from stackferry.emulator.webnet.port_holders import holder_of, holders
from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError, StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.notes import Origin, nearest
from stackferry.session import Session


@dataclass(frozen=True, slots=True)
class Foreign:
    """A foreign object with a name of the stack's; `key` is its key in the file."""

    key: str
    name: str
    labels: Mapping[str, str]


def meet(
    session: Session, present: Present, stack: DesiredStack, origin: Origin, *, publishes: bool = True
) -> tuple[Foreign, ...]:
    """The foreign volumes that will be used; raises StackferryError for a conflict.

    `publishes`: whether the services' ports will be published.
    """
    refuse_foreign_folder(session, stack.services)
    found = [
        _diagnostic(Severity.ERROR, "network", one, network_in_the_way(one.name, one.labels, one.key), origin)
        for one in foreign_networks(present, stack.name, _networks(stack))
    ]
    found += taken_ports(present.engine, stack, origin) if publishes else ()
    if found:
        raise SourceError(found)
    return tuple(foreign_volumes(present, stack.name, used_volumes(stack)))


def warnings(volumes: Iterable[Foreign], origin: Origin) -> Iterator[Diagnostic]:
    """A warning for each foreign volume that is used."""
    for volume in volumes:
        yield _diagnostic(
            Severity.WARNING, "volume", volume, volume_in_use(volume.name, volume.labels, volume.key), origin
        )


def plan_lines(volumes: Iterable[Foreign]) -> dict[str, str]:
    """The same for a plan, by volume name."""
    return {one.name: f"used as it is, and not removed by `down -v`: it {origin_of(one.labels)}" for one in volumes}


def _diagnostic(severity: Severity, kind: str, found: Foreign, words: tuple[str, str], origin: Origin) -> Diagnostic:
    span = nearest((f"{kind}s", found.key), origin) if found.key else None
    return Diagnostic(f"foreign-{kind}", severity, words[0], span, words[1])


def _networks(stack: DesiredStack) -> Iterator[NetworkSpec]:
    """The networks that will be created or used."""
    used = {name for spec in stack.services for name in spec.task.networks}
    own = {one.name: one for one in stack.networks if one.name in used and not one.external}
    yield from own.values()
    for spec in stack.services:
        shut_off = any(own[name].internal for name in spec.task.networks if name in own)
        if shut_off and any(port.mode == "ingress" for port in spec.endpoint.ports):
            yield NetworkSpec("", outside_network(stack.name))
            return


def used_volumes(stack: DesiredStack) -> Iterator[VolumeSpec]:
    """The volumes that a service mounts."""
    containers = [spec.task.container for spec in stack.services if spec.task.container]
    used = {mount.source for container in containers for mount in container.mounts if mount.type == "volume"}
    return (one for one in stack.volumes if one.name in used)


def taken_ports(engine: Engine, stack: DesiredStack, origin: Origin) -> Iterator[Diagnostic]:
    """Ports of the stack that another of our stacks holds. The engine reports any other holder when it binds one."""
    keys = {name: key for key, name in stack.names.items()}
    wanted = [(spec.name, port) for spec in stack.services for port in spec.endpoint.ports if port.published]
    if not wanted:
        return
    held = [*holders(engine.running({STACK: ""}), stack.name)]
    for name, port in wanted:
        rival = holder_of(port, held)
        # Ports in mode host differ by their nodes' addresses, which only the scheduler knows.
        if rival is not None and "ingress" in (port.mode, rival.port.mode):
            span = nearest(("services", keys.get(name, name), "ports"), origin)
            message = f"{name}: port '{port.published}' is already in use by {rival}"
            yield Diagnostic("port-in-use", Severity.ERROR, message, span, rival.hint)


def foreign_networks(present: Present, stack: str, specs: Iterable[NetworkSpec]) -> list[Foreign]:
    """Foreign networks under the names of the stack's own."""
    there = ((one, present.network(one.name)) for one in specs if not one.external)
    return [Foreign(one.key, one.name, info.labels) for one, info in there if info and not is_own(info.labels, stack)]


def foreign_volumes(present: Present, stack: str, specs: Iterable[VolumeSpec]) -> list[Foreign]:
    """Foreign volumes under the names of the stack's own. Names with templates are only known for a task."""
    there = ((one, present.volume(one.name)) for one in specs if not one.external and not one.templated)
    return [Foreign(one.key, one.name, info.labels) for one, info in there if info and not is_own(info.labels, stack)]


def farewell(engine: Engine, record: StackRecord, *, volumes: bool) -> Iterator[str]:
    """A line for each foreign object that the stack used and its removal leaves alone."""
    present = Present(engine)
    for network in foreign_networks(present, record.name, record.networks):
        yield left("network", network.name, network.labels)
    if volumes:
        for volume in foreign_volumes(present, record.name, record.volumes):
            yield left("volume", volume.name, volume.labels)


def refuse_foreign_network(engine: Engine, stack: str, name: str) -> None:
    """Raises StackferryError if a network that the stack needs but no file names is foreign."""
    for network in foreign_networks(Present(engine), stack, [NetworkSpec("", name)]):
        raise StackferryError(*network_in_the_way(network.name, network.labels))


def refuse_foreign_folder(session: Session, services: Iterable[ServiceSpec]) -> None:
    """Raises StackferryError if services have secrets or configs whose files would lie in another user's folder."""
    if any(spec.task.container and spec.task.container.files for spec in services):
        refuse_foreign(runtime_root(session.environment))
