"""The ports of a service that compose publishes, each with its number outside.

`node_port.py`, `load_balancer.py`, `gateway.py` and `ingress.py` decide how they are reached.
"""

import ipaddress
from collections.abc import Container
from dataclasses import field
from functools import lru_cache

from stackferry.grammar.compose.model.attachments import Port
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes
from stackferry.translator.services.doors import Door, address, forward
from stackferry.translator.services.ports import ANYWHERE, Listening, free_name, protocol
from stackferry.translator.stack import Stack

_UNPUBLISHED = {
    "host": "port {target} of the node itself: nothing needs to be published on the host's network",
    "none": "without a network there is nothing to publish",
}


@dataclass(frozen=True, slots=True)
class Published:
    """One published port: its index in `ports`, its number outside, the port behind it, its name in the Service."""

    service: Service
    index: int
    number: int
    target: Listening
    name: str

    @property
    def path(self) -> tuple[str | int, ...]:
        """The key that asks for it."""
        return ("services", self.service.name, "ports", self.index, "published")

    def of_service(self) -> Body:
        """Its entry in the published Service."""
        return {"name": self.name, "port": self.number, **self.target.rest()}


def published(
    service: Service, ports: tuple[Listening, ...], stack: Stack, notes: Notes, left_out: Container[int] = ()
) -> tuple[list[Published], list[Door]]:
    """The published ports, and the doors of ports that are reached otherwise.

    `left_out` are indexes of ports that are not published.
    """
    found: list[Published] = []
    doors: list[Door] = []
    free = _Free()
    names: set[str] = set()
    by_target = {(port.number, port.protocol): port for port in ports}
    for index, port in enumerate(service.ports):
        target = None if index in left_out else by_target.get((port.target, protocol(port)))
        if target is None or not _is_published(service, index, port, target, stack, notes, doors):
            continue
        number = _number(service, index, port, free, notes)
        if number is None:
            continue
        name = target.name if target.name not in names else free_name(number, target.protocol, names)
        names.add(name)
        found.append(Published(service, index, number, target, name))
    return found, doors


def _is_published(
    service: Service, index: int, port: Port, target: Listening, stack: Stack, notes: Notes, doors: list[Door]
) -> bool:
    path = ("services", service.name, "ports", index)
    if service.network_mode in _UNPUBLISHED:
        message = _UNPUBLISHED[service.network_mode].format(target=port.target)
        notes.approximated(path, "kubernetes-unpublished", message)
        if service.network_mode == "host":
            doors.append(Door(service.name, port.target, protocol(port), address(port.target, protocol(port))))
        return False
    if port.mode == "host":
        _add_door_of_node(service, port, target, stack, doors)
        return False
    if service.network_mode and service.network_mode.is_shared:
        owner = stack.owner(service).name
        message = f"not published: it uses the network of {owner}, and Docker would refuse it"
        notes.approximated(path, "kubernetes-unpublished", message, f"publish it on {owner}")
        return False
    host = (port.host_ip or "").strip("[]")
    if host in ANYWHERE:
        return True
    if _is_loopback(host):
        local, _ = _range(port)
        door = Door(service.name, local, protocol(port), forward(stack, stack.name(service), local, port.target))
        doors.append(door)
        notes.action(
            (*path, "host_ip"),
            "kubernetes-loopback",
            f"bound to {host}, so it is not reachable from outside the cluster",
            door.text,
        )
        return False
    notes.action(
        (*path, "host_ip"),
        "kubernetes-host-ip",
        f"bound to {host} only; a NodePort answers on every address of the node",
        "restrict access to the node",
    )
    return True


def _add_door_of_node(service: Service, port: Port, target: Listening, stack: Stack, doors: list[Door]) -> None:
    """A port of the node itself (`mode: host`); the node's loopback cannot be reached from elsewhere."""
    first, _ = port.bounds
    if not first or first != target.host_port:
        return
    host = (port.host_ip or "").strip("[]")
    text = address(first, protocol(port), number=port.target)
    if _is_loopback(host):
        text = forward(stack, stack.name(service), first, port.target)
    doors.append(Door(service.name, first, protocol(port), text))


@lru_cache
def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(slots=True)
class _Free:
    """Hands out the ports of one Service, each once. A taken port records where the search continues.

    Otherwise every port of a long range would walk past all ports of the range that are taken.
    """

    _after: dict[tuple[int, str], int] = field(default_factory=dict)

    def take(self, first: int, last: int, protocol: str) -> int | None:
        """The first free number from `first` to `last`, None if all are taken."""
        passed: list[int] = []
        number = first
        while (number, protocol) in self._after:
            passed.append(number)
            number = self._after[number, protocol]
        found = number if number <= last else None
        if found is not None:
            passed.append(number)
            number += 1
        self._after.update(((one, protocol), number) for one in passed)
        return found


def _range(port: Port) -> tuple[int, int]:
    """The range of ports that compose may publish: the port itself if none is given; zeros if that is invalid."""
    bounds = port.published.bounds if port.published else (0, 0)
    return (port.target, port.target) if bounds == (0, 0) else bounds or (0, 0)


def _number(service: Service, index: int, port: Port, free: _Free, notes: Notes) -> int | None:
    """The port of the Service: the first free one that compose might publish."""
    path = ("services", service.name, "ports", index, "published")
    first, last = _range(port)
    if not 0 < first <= last <= 65535:
        notes.action(path, "kubernetes-published", f"{port.published} is not a port; not published")
        return None
    number = free.take(first, last, protocol(port))
    if last > first and number is not None:
        notes.approximated(
            path, "kubernetes-port-range", f"{port.published}: a Service can only have one port, {number}"
        )
    # The same port on two addresses of the host (IPv4 and IPv6) is one port of a Service.
    return number
