"""The Service through which the outside reaches a service's published ports: `<name>-published`, a NodePort."""

import ipaddress
from collections.abc import Container
from dataclasses import dataclass, field

from stackferry.grammar.compose.model.attachments import Port
from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.labels import of_service
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.notes import Notes
from stackferry.translator.services.ports import ANYWHERE, Listening, free_name, protocol
from stackferry.translator.stack import Stack

_UNPUBLISHED = {
    "host": "port {target} of the node itself: on the host's network nothing is published",
    "none": "without a network there is nothing to publish",
}


def to_published(
    service: Service,
    ports: tuple[Listening, ...],
    taken: set[tuple[int, str]],
    stack: Stack,
    notes: Notes,
    unlisted: Container[int] = (),
) -> Manifest | None:
    """The Service, None if nothing is published. `taken` are the node ports of the stack so far; it grows.

    `unlisted` are indexes of ports that are left out.
    """
    entries: list[Body] = []
    free = _Free()
    names: set[str] = set()
    by_target = {(port.number, port.protocol): port for port in ports}
    for index, port in enumerate(service.ports):
        target = None if index in unlisted else by_target.get((port.target, protocol(port)))
        if target is None or not _is_published(service, index, port, stack, notes):
            continue
        number = _published(service, index, port, free, notes)
        if number is None:
            continue
        name = target.name if target.name not in names else free_name(number, target.protocol, names)
        names.add(name)
        entry: Body = {"name": name, "port": number, **target.rest()}
        if number in stack.options.node_ports:
            if (number, target.protocol) in taken:
                notes.action(
                    ("services", service.name, "ports", index, "published"),
                    "kubernetes-node-port-taken",
                    f"another service of the stack has node port {number}; the cluster chooses one",
                )
            else:
                taken.add((number, target.protocol))
                entry["nodePort"] = number
        entries.append(entry)
    if not entries:
        return None
    name = stack.name(service)
    spec: Body = {"type": "NodePort", "selector": stack.selector(service), "ports": entries}
    labels = of_service(stack.project.name, name)
    return manifest("Service", stack.naming.published[service.name], stack.options.namespace, labels, {"spec": spec})


def _is_published(service: Service, index: int, port: Port, stack: Stack, notes: Notes) -> bool:
    path = ("services", service.name, "ports", index)
    if service.network_mode in _UNPUBLISHED:
        message = _UNPUBLISHED[service.network_mode].format(target=port.target)
        notes.approximated(path, "kubernetes-unpublished", message)
        return False
    if port.mode == "host":
        return False
    if service.network_mode and service.network_mode.is_shared:
        return False
    host = (port.host_ip or "").strip("[]")
    if host in ANYWHERE:
        return True
    if _is_loopback(host):
        namespace = f" -n {stack.options.namespace}" if stack.options.namespace else ""
        local, _ = _range(port)
        notes.action(
            (*path, "host_ip"),
            "kubernetes-loopback",
            f"bound to {host}, so nothing outside the cluster may reach it",
            f"kubectl port-forward{namespace} svc/{stack.name(service)} {local}:{port.target}",
        )
        return False
    notes.action(
        (*path, "host_ip"),
        "kubernetes-host-ip",
        f"bound to {host} only; a NodePort answers on every address of the node",
        "restrict who may reach the node",
    )
    return True


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(slots=True)
class _Free:
    """Hands out the ports of one Service, each once. A port that is taken knows where to look on.

    Without that, every port of a long range would walk past all that the others took of it.
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
    """What compose may publish it as: the port itself if nothing is fixed; zeros if that is no port."""
    bounds = port.published.bounds if port.published else (0, 0)
    return (port.target, port.target) if bounds == (0, 0) else bounds or (0, 0)


def _published(service: Service, index: int, port: Port, free: _Free, notes: Notes) -> int | None:
    """The port of the Service: the first free one of what compose would publish."""
    path = ("services", service.name, "ports", index, "published")
    first, last = _range(port)
    if not 0 < first <= last <= 65535:
        notes.action(path, "kubernetes-published", f"{port.published} is no port; not published")
        return None
    number = free.take(first, last, protocol(port))
    if last > first and number is not None:
        notes.approximated(path, "kubernetes-port-range", f"{port.published}: a Service takes one port, {number}")
    # The same port on two addresses of the host (IPv4 and IPv6) is one port of a Service.
    return number
