"""Assigns addresses: VIPs of services, and resolvers of tasks in several networks. Pure; called in every pass.

An address is kept in `Service.vips` for the life of the service. The key is the name of a network, for a VIP;
`a+b` or `a@10.0.0.53`, for the resolver of tasks in both networks or with their own DNS servers; or `gate:a`, for
the gate of its published ports in that network: tasks send answers there, so it must keep its address on restarts.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address

from stackferry.emulator.cluster.objects import Cluster, Service
from stackferry.emulator.cluster.spec import TaskTemplate
from stackferry.emulator.webnet.address import Area
from stackferry.emulator.webnet.facts import Facts
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Asking:
    """Tasks that share a resolver: their networks, and the DNS servers that they ask for other names."""

    networks: tuple[str, ...]
    servers: tuple[IPv4Address | IPv6Address, ...] = ()

    @property
    def key(self) -> str:
        """Its key among VIPs. Names of networks cannot contain these characters."""
        servers = ",".join(map(str, self.servers))
        return "+".join(self.networks) + (f"@{servers}" if servers else "")

    @property
    def plain(self) -> bool:
        """Whether the gate's main address serves it."""
        return len(self.networks) == 1 and not self.servers

    def address(self, service: Service, facts: Facts) -> IPv4Address | None:
        """The address of this resolver, for tasks of a service."""
        if self.plain:
            return facts.areas[self.networks[0]].gate
        found = service.vips.get(self.key)
        return IPv4Address(found) if found else None


def asking(template: TaskTemplate, facts: Facts) -> Asking | None:
    """The resolver that a task needs; None if the task is in no load-balanced network."""
    known = {name for name in template.networks if name in facts.areas}
    if not known:
        return None
    # The resolver is in the first network: from an internal network it could ask no outside server, and only in a
    # shared network can it ask other stacks' gates.
    networks = tuple(sorted(known, key=lambda name: (facts.areas[name].internal, not facts.areas[name].external, name)))
    written = template.container.options.get("Dns") if template.container else None
    return Asking(networks, tuple(_servers(written)))


def _servers(written: object) -> Iterator[IPv4Address | IPv6Address]:
    for word in written if isinstance(written, list | tuple) else ():
        try:
            yield ip_address(str(word))
        except ValueError:
            # The engine refuses the container, in its own words.
            continue


def templates(cluster: Cluster) -> dict[str, list[TaskTemplate]]:
    """The templates that each service runs: the wanted one and those of tasks that have not ended."""
    found = {key: [service.spec.task] for key, service in cluster.services.items()}
    for task in cluster.tasks.values():
        known = found.get(task.service_id)
        if known is not None and not task.ended and not any(task.template is one for one in known):
            known.append(task.template)
    return found


def allocate(cluster: Cluster, facts: Facts) -> Cluster:
    """The cluster with an address for everything that needs one; the same object if nothing does."""
    if not facts.areas:
        return cluster
    held = [pair for service in cluster.services.values() for pair in service.vips.items()]
    # Addresses that users assigned to their tasks are taken.
    used = {address for key, address in held if not _of_gate(key)} | _fixed(cluster)
    spare = {address for key, address in held if _of_gate(key)}
    # Tasks of several services share a resolver, and thus its address.
    resolvers = {key: address for key, address in held if _shared(key)}
    running, services = templates(cluster), cluster.services
    wanted = {key: _wanted(service, running[key], facts) for key, service in services.items()}
    given = {key: dict(_given(service, wanted[key], used, resolvers, spare)) for key, service in services.items()}
    for key, service in services.items():
        given[key] |= _given_gates(service, wanted[key], used)
        kept = (pair for pair in service.vips.items() if pair[0] not in given[key])
        given[key] |= {name: at for name, at in kept if _waits(name, running[key], facts)}
    changed = {key: replace(one, vips=given[key]) for key, one in services.items() if given[key] != one.vips}
    return replace(cluster, services={**cluster.services, **changed}) if changed else cluster


def _waits(key: str, running: list[TaskTemplate], facts: Facts) -> bool:
    """Whether to keep an address of a network that is gone or not known yet, because tasks in it know the address."""
    names = {*key.removeprefix(of_gate("")).partition("@")[0].split("+")}
    used = {name for template in running for name in template.networks}
    return not facts.plain and names <= used and not names <= facts.areas.keys()


def _wanted(service: Service, running: list[TaskTemplate], facts: Facts) -> dict[str, Area]:
    """Maps keys to the area that their address comes from."""
    found: dict[str, Area] = {}
    for template in running:
        asked = asking(template, facts)
        if asked is None:
            continue
        if service.spec.endpoint.mode == "vip" and not facts.plain:
            found |= {name: facts.areas[name] for name in asked.networks}
        if not asked.plain:
            found[asked.key] = facts.areas[asked.networks[0]]
        if not facts.plain and any(port.mode == "ingress" for port in service.spec.endpoint.ports):
            found |= {of_gate(name): facts.areas[name] for name in asked.networks if not facts.areas[name].internal}
    return found


def _given(
    service: Service, wanted: Mapping[str, Area], used: set[str], resolvers: dict[str, str], spare: Collection[str]
) -> Iterator[tuple[str, str]]:
    for key, where in wanted.items():
        if _of_gate(key):
            continue
        kept = resolvers.get(key) if _shared(key) else service.vips.get(key)
        if kept is None or IPv4Address(kept) not in where:
            # Use up the addresses of gates before giving up: a gate can do without.
            kept = _free(where, used.union(spare)) or _free(where, used)
            if kept is None:
                raise StackferryError(
                    f"no free IP address in {where.subnet} for {service.spec.name}",
                    "give the network a larger subnet (ipam.config.subnet), or use another network",
                )
        used.add(kept)
        if _shared(key):
            resolvers[key] = kept
        yield key, kept


def _given_gates(service: Service, wanted: Mapping[str, Area], used: set[str]) -> Iterator[tuple[str, str]]:
    for key, where in wanted.items():
        if not _of_gate(key):
            continue
        kept = service.vips.get(key)
        if kept is None or kept in used or IPv4Address(kept) not in where:
            kept = _free(where, used)
        if kept is not None:
            used.add(kept)
            yield key, kept


def _free(where: Area, used: Collection[str]) -> str | None:
    return next((text for one in where.addresses() if (text := str(one)) not in used), None)


def of_gate(network: str) -> str:
    """The key of the address that the gate of a service's published ports has in a network."""
    return f"gate:{network}"


def _of_gate(key: str) -> bool:
    return key.startswith(of_gate(""))


def is_virtual(key: str) -> bool:
    """Whether a key of `Service.vips` is that of a VIP. Names of networks cannot contain the other keys' characters."""
    return not _shared(key) and not _of_gate(key)


def _shared(key: str) -> bool:
    return "+" in key or "@" in key


def _fixed(cluster: Cluster) -> set[str]:
    return {
        leg.ipv4_address
        for service in cluster.services.values()
        if service.spec.task.container
        for leg in service.spec.task.container.networks
        if leg.ipv4_address
    }
