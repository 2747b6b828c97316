"""Published ports of services: numbers for ports left open, and swarm's words for taken ones. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from stackferry.emulator.cluster.objects import Cluster, Service
from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.webnet.facts import Facts

FIRST, LAST = 30000, 32767


def publish(cluster: Cluster, facts: Facts) -> Cluster:
    """The cluster with `Service.published` filled in; the same object if nothing changes. Numbers are kept."""
    used = set(facts.taken)
    for service in cluster.services.values():
        used |= {(port.published, port.protocol) for port in service.spec.endpoint.ports if port.published}
        used |= {(port.published, port.protocol) for port in service.published}
    changed: dict[str, Service] = {}
    for key, service in cluster.services.items():
        # A number that turned out to be taken is chosen anew.
        kept = {
            (port.target, port.protocol, port.mode): port
            for port in service.published
            if (port.published, port.protocol) not in facts.taken
        }
        ports = tuple(_numbered(service, kept, used))
        if ports != service.published:
            changed[key] = replace(service, published=ports)
    return replace(cluster, services={**cluster.services, **changed}) if changed else cluster


def _numbered(
    service: Service, kept: dict[tuple[int, str, str], PublishedPort], used: set[tuple[int, str]]
) -> Iterator[PublishedPort]:
    for port in service.spec.endpoint.ports:
        if port.published or port.mode != "ingress":
            yield port
            continue
        before = kept.pop((port.target, port.protocol, port.mode), None)
        number = before.published if before else _free(port.protocol, used)
        used.add((number, port.protocol))
        yield replace(port, published=number)


def _free(protocol: str, used: set[tuple[int, str]]) -> int:
    return next((number for number in range(FIRST, LAST + 1) if (number, protocol) not in used), 0)


def conflicts(cluster: Cluster) -> dict[str, str]:
    """Services that may not publish, by id, with the reason: an older service has the port."""
    holders: dict[tuple[int, str], Service] = {}
    refused: dict[str, str] = {}
    for service in cluster.services.values():
        for port in service.published:
            holder = holders.setdefault((port.published, port.protocol), service)
            if port.mode == "ingress" and holder is not service:
                refused[service.id] = (
                    f"port '{port.published}' is already in use by service '{holder.spec.name}' ({holder.id})"
                    " as an ingress port"
                )
    return refused
