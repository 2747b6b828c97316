"""The desired state of all gates of a stack at one moment: (Cluster, Facts) -> Webnet. Pure.

One gate per network, which balances, refuses and resolves names, and one per service that publishes ports.
`controller.py` brings the engine's gates to this state.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from ipaddress import IPv4Address, IPv6Address

from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.cluster.spec import TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.webnet.allocation import Asking, asking, of_gate, templates
from stackferry.emulator.webnet.dns import (
    PEERS_PORT,
    Entry,
    HostName,
    Resolver,
    host_name,
    spread,
    tasks_name,
    virtual,
)
from stackferry.emulator.webnet.facts import Facts
from stackferry.emulator.webnet.gate_state import Binding, GateState
from stackferry.emulator.webnet.nftables import Address, Backend, Balanced, Forward, Protocol
from stackferry.emulator.webnet.ports import conflicts
from stackferry.emulator.webnet.return_path import Marks, returning
from stackferry.emulator.webnet.rotation import endpoints, in_rotation
from stackferry.grammar.lazy_dataclass import dataclass

_PROTOCOLS: Mapping[str, Protocol] = {"tcp": "tcp", "udp": "udp", "sctp": "sctp"}


@dataclass(frozen=True, slots=True)
class Webnet:
    """All gates by name. `refused`: services that cannot be published, by id, with the reason."""

    gates: Mapping[str, GateState] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [str(gate) for gate in self.gates.values()]
        return "\n".join((*lines, *(f"refused {key}: {why}" for key, why in self.refused.items())))


_IN_NAMES = str.maketrans("+@,:", "..--")
"""Makes the key of a resolver fit for a container's name."""


Places = Mapping[str, Collection[str]]
"""The networks that gates are in, by gate name."""


def webnet(
    cluster: Cluster, stack: str, facts: Facts, places: Places | None = None, marks: Marks | None = None
) -> Webnet:
    """The gates of a stack, with addresses and ports as allocated. `places`: the networks of existing gates.

    `marks` are those of tasks that can see their clients; None: no task may see its clients, as in a swarm.
    """
    refused, running = conflicts(cluster), templates(cluster)
    by_service: dict[str, dict[str, Task]] = {key: {} for key in cluster.services}
    for task in cluster.tasks.values():
        by_service.setdefault(task.service_id, {})[task.id] = task
    tasks = {key: Cluster(tasks=found) for key, found in by_service.items()}
    networks = _network_gates(cluster, tasks, running, stack, facts)
    gates = [*networks, *_ingress_gates(cluster, tasks, running, stack, facts, refused, places or {}, marks)]
    return Webnet({gate.name: gate for gate in gates}, refused)


def network_gate(stack: str, network: str) -> str:
    """The name of a network's gate. A network of another stack gets a gate of ours, too."""
    return f"{stack}.gate.{network}"


def resolver_gate(stack: str, asked: Asking, facts: Facts) -> str:
    """The name of the gate that has a resolver: that of its first network, unless the resolver has its own gate."""
    alone = facts.plain and not asked.plain
    return network_gate(stack, asked.key.translate(_IN_NAMES) if alone else asked.networks[0])


def ingress_gate(service: str) -> str:
    """The name of a published service's gate."""
    return f"{service}.ingress"


Tasks = Mapping[str, Cluster]
"""The tasks of each service, by its id, as separate clusters, so that no lookup scans all tasks."""


def outside_network(stack: str) -> str:
    """The network through which services in internal networks publish their ports."""
    return f"{stack}_ingress"


Running = Mapping[str, list[TaskTemplate]]
"""The templates that each service runs, by its id."""


def _network_gates(cluster: Cluster, tasks: Tasks, running: Running, stack: str, facts: Facts) -> Iterator[GateState]:
    asked: dict[str, tuple[Asking, Service]] = {}
    for key, service in cluster.services.items():
        for template in running[key]:
            asker = asking(template, facts)
            if asker is not None:
                asked.setdefault(asker.key, (asker, service))
    names = sorted({name for one, _ in asked.values() for name in one.networks})
    members = {name: [*_members(cluster, tasks, running, name, facts)] for name in names}
    zones = {
        name: _Zone(tuple(_entries(members[name], facts)), tuple(alias for one in members[name] for alias in one.names))
        for name in names
    }
    for name in names:
        resolvers = [
            (one, _resolver(one, address, zones, facts))
            for one, service in asked.values()
            if one.networks[0] == name and (address := one.address(service, facts))
        ]
        for place, resolver in resolvers if facts.plain else ():
            if not place.plain:
                # A plain gate cannot have a second address: a gate of its own has it.
                gate = resolver_gate(stack, place, facts)
                yield GateState(
                    gate,
                    name,
                    place.key,
                    resolver.address,
                    resolvers=(resolver,),
                    plain=True,
                    farther=_farther([place], facts),
                )
        here = [(one, resolver) for one, resolver in resolvers if one.plain or not facts.plain]
        farther = _farther((one for one, _ in here), facts)
        yield GateState(
            network_gate(stack, name),
            name,
            name,
            facts.areas[name].gate,
            balanced=tuple(
                Balanced(vip, one.service.spec.name, one.backends, one.vip6)
                for one in members[name]
                if (vip := one.vip)
            ),
            resolvers=(
                *(resolver for _, resolver in here),
                *_for_peers(name, zones[name], facts),
            ),
            draining=tuple(task for one in members[name] for task in one.draining),
            direct=tuple(task for one in members[name] if one.vip is None for task in one.draining),
            plain=facts.plain,
            unasked=facts.areas[name].unasked,
            farther=farther,
            within=facts.areas[name].subnet if farther else None,
            within6=facts.areas[name].subnet6 if farther else None,
            ipv6=facts.areas[name].subnet6 is not None,
        )


@dataclass(frozen=True, slots=True)
class _Member:
    """A service in one network."""

    service: Service
    vip: IPv4Address | None
    vip6: IPv6Address | None
    names: tuple[HostName, ...]
    backends: tuple[Backend, ...]
    draining: tuple[Backend, ...]


@dataclass(frozen=True, slots=True)
class _Zone:
    """The DNS entries of one network, and every name of its services, whether it has an address now or not."""

    entries: tuple[Entry, ...]
    names: tuple[HostName, ...]


def _members(cluster: Cluster, tasks: Tasks, running: Running, network: str, facts: Facts) -> Iterator[_Member]:
    for key, service in cluster.services.items():
        if not any(network in template.networks for template in running[key]):
            continue
        given = service.vips.get(network)
        vip = IPv4Address(given) if given and service.spec.endpoint.mode == "vip" and not facts.plain else None
        yield _Member(
            service,
            vip,
            facts.areas[network].beside(vip) if vip else None,
            _names(service, network),
            *_tasks(tasks[key], key, network),
        )


def _names(service: Service, network: str) -> tuple[HostName, ...]:
    container = service.spec.task.container
    legs = container.networks if container else ()
    aliases = (alias for leg in legs if leg.network == network for alias in leg.aliases)
    found = (host_name(one) for one in (service.spec.name, *aliases))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _tasks(cluster: Cluster, key: str, network: str) -> tuple[tuple[Backend, ...], tuple[Backend, ...]]:
    """The tasks in rotation, and those that are draining."""
    rotation = tuple(_backend(one.task_id, one.address, one.address6) for one in endpoints(cluster, key, network))
    leaving = tuple(
        _backend(task.id, task.addresses[network], task.addresses6.get(network, ""))
        for task in cluster.tasks_of(key)
        if network in task.addresses and _drains(task)
    )
    return rotation, leaving


def _backend(task_id: str, address: str, address6: str) -> Backend:
    return Backend(IPv4Address(address), task_id, IPv6Address(address6) if address6 else None)


def _drains(task: Task) -> bool:
    return task.state == TaskState.RUNNING and not in_rotation(task)


def _entries(members: Iterable[_Member], facts: Facts) -> Iterator[Entry]:
    for member in members:
        tasks: list[Address] = [task.address for task in member.backends]
        tasks += [task.address6 for task in member.backends if task.address6]
        if member.vip is not None:
            yield from virtual(member.names, [member.vip, *([member.vip6] if member.vip6 else [])], tasks)
        elif facts.plain or member.service.spec.endpoint.mode == "dnsrr":
            yield from spread(member.names, tasks)


def _for_peers(network: str, zone: _Zone, facts: Facts) -> Iterator[Resolver]:
    """Where other stacks' gates in a network ask for our names there, and for no others."""
    if facts.peers.get(network):
        yield Resolver(facts.areas[network].gate, entries=zone.entries, own=_own(zone.names), port=PEERS_PORT)


def _resolver(asked: Asking, address: IPv4Address, zones: Mapping[str, _Zone], facts: Facts) -> Resolver:
    """The union of the networks' names; a name in several networks is that of the first one."""
    known: set[HostName] = set()
    found: list[Entry] = []
    for network in asked.networks:
        for entry in zones[network].entries:
            names = tuple(name for name in entry.names if name not in known)
            if names:
                found.append(Entry(entry.address, names))
        for name in zones[network].names:
            known |= {name, tasks_name(name)}
    own = _own(name for network in asked.networks for name in zones[network].names)
    peers = tuple(peer for network in asked.networks for peer in facts.peers.get(network, ()))
    return Resolver(address, asked.servers, tuple(found), own, peers)


def _farther(asked: Iterable[Asking], facts: Facts) -> tuple[str, ...]:
    """The additional networks that a gate with these resolvers needs: other stacks' gates are in them."""
    return tuple(sorted({name for one in asked for name in one.networks[1:] if facts.peers.get(name)}))


def _own(names: Iterable[HostName]) -> tuple[HostName, ...]:
    """These names and their tasks' names, even those without an address at the moment."""
    return tuple(one for name in dict.fromkeys(names) for one in (name, tasks_name(name)))


def _ingress_gates(
    cluster: Cluster,
    tasks: Tasks,
    running: Running,
    stack: str,
    facts: Facts,
    refused: Mapping[str, str],
    places: Places,
    marks: Marks | None,
) -> Iterator[GateState]:
    for key, service in cluster.services.items():
        ports = [
            one
            for one in service.published
            if one.mode == "ingress" and one.published and (one.protocol == "tcp" or not facts.plain)
        ]
        asked = asking(service.spec.task, facts)
        if not ports or asked is None or key in refused or (service.removed and not tasks[key].tasks):
            continue
        network = _place(asked, running[key], places.get(ingress_gate(service.spec.name), ()))
        rotation, leaving = _tasks(tasks[key], key, network)
        area = facts.areas[network]
        # From an internal network no answer finds its way to a client, and the engine drops all such packets.
        given = service.vips.get(of_gate(network)) if not (facts.plain or area.internal) else None
        address = IPv4Address(given) if given else None
        yield GateState(
            ingress_gate(service.spec.name),
            network,
            service.spec.name,
            address,
            outside=outside_network(stack) if area.internal else "",
            # Each once: a port requested on two loopback addresses is bound on every node's address twice.
            bindings=tuple(
                dict.fromkeys(
                    Binding(one.published, one.protocol, address)
                    for one in ports
                    for address in _host_addresses(one.host_ip, cluster)
                )
            ),
            forwards=tuple(
                Forward(one.published, _PROTOCOLS[one.protocol], one.target, rotation)
                for one in ports
                if one.protocol in _PROTOCOLS
            ),
            draining=leaving,
            direct=leaving if facts.plain else (),
            plain=facts.plain,
            ipv6=area.subnet6 is not None,
            unasked=address is not None and area.unasked,
            subnet=area.subnet if address is not None and marks is not None else None,
            returning=returning(rotation, address, marks or {}),
        )


def _place(asked: Asking, running: Iterable[TaskTemplate], places: Collection[str]) -> str:
    """The network of a published service's gate: if possible one that all its tasks are in, and where it already is.

    Moving a gate means recreating it: its connections end, and for a moment nothing answers.
    """
    everywhere = [name for name in asked.networks if all(name in one.networks for one in running)]
    found = everywhere or asked.networks
    return next((name for name in found if name in places), found[0])


def _host_addresses(host_ip: str, cluster: Cluster) -> tuple[str, ...]:
    """Where a port is bound: as requested; a loopback address becomes the address of each virtual node."""
    if host_ip != "localhost" and not host_ip.startswith("127."):
        return (host_ip,)
    return tuple(dict.fromkeys((host_ip, *(node.address for node in cluster.nodes.values()))))
