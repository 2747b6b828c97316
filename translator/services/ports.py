"""Ports of a service: those on which its containers listen, those that the outside may reach, and their names.

`ports` and `expose` of the file come first; then the ports that `discovery/` finds.
"""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import field, replace
from itertools import chain, count

from stackferry.grammar.compose.model.attachments import Port
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.discovery.known_port import MOST_EXPOSED, PROTOCOLS, KnownPort
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.names import PORT_NAME
from stackferry.translator.notes import Notes

MOST_PORTS = 1_000
"""The most listed ports of one service, over all its ranges."""
_APP_PROTOCOLS = {"http2": "kubernetes.io/h2c", "ws": "kubernetes.io/ws", "wss": "kubernetes.io/wss"}
PORTS, EXPOSE = "ports", "expose"
ANYWHERE = frozenset(("", "0.0.0.0", "::"))  # noqa: S104
"""Addresses that mean all addresses of the host."""


@dataclass(frozen=True, slots=True)
class Listening:
    """One port on which the containers listen: number, protocol as Kubernetes writes it, name.

    `evidence` says in a few words how we know.
    """

    number: int
    protocol: str
    name: str
    app_protocol: str | None = None
    host_port: int | None = None
    host_ip: str | None = None
    evidence: str = PORTS

    @property
    def is_listed(self) -> bool:
        """Whether the compose file itself lists the port, in `ports` or `expose`."""
        return self.evidence in (PORTS, EXPOSE)

    def of_container(self) -> Body:
        """Entry of the container's `ports`."""
        entry: Body = {"name": self.name, "containerPort": self.number, "protocol": self.protocol}
        if self.host_port is not None:
            entry["hostPort"] = self.host_port
            if self.host_ip is not None:
                entry["hostIP"] = self.host_ip
        return entry

    def of_service(self) -> Body:
        """Entry of the internal Service: peers use the container's port, as in compose."""
        return {"name": self.name, "port": self.number, **self.rest()}

    def rest(self) -> Body:
        """The last fields of every Service port that targets this port."""
        end: Body = {"targetPort": self.number, "protocol": self.protocol}
        if self.app_protocol is not None:
            end["appProtocol"] = self.app_protocol
        return end


def listening(
    service: Service, notes: Notes, unlisted: Container[int] = (), known: Iterable[KnownPort] = ()
) -> tuple[Listening, ...]:
    """Every port of `ports` (but for `unlisted` indexes) and `expose` in file order, then the others `known`.

    Each number and protocol occurs once.
    """
    found: dict[tuple[int, str], Listening] = {}
    names: set[str] = set()
    for index, port in enumerate(service.ports):
        if index in unlisted:
            continue
        key = (port.target, protocol(port))
        if not 0 < port.target <= 65535:
            path = ("services", service.name, "ports", index, "target")
            notes.action(path, "kubernetes-port", f"{port.target} is not a port; neither listed nor published")
            continue
        if key in found:
            found[key] = _on_node_as_well(found[key], service, index, port, notes)
            continue
        name = _name(port, key, names)
        if port.name and name != port.name:
            notes.approximated(
                ("services", service.name, "ports", index, "name"), "kubernetes-port-name", f"called {name}"
            )
        app = port.app_protocol
        on_node = _host_port(service, index, port, notes)
        address = None if on_node is None else _host_ip(service, index, port, notes)
        found[key] = Listening(*key, name, _APP_PROTOCOLS.get(app or "", app), on_node, address)
        names.add(name)
    for number, proto in _exposed(service, notes):
        if (number, proto) not in found:
            name = free_name(number, proto, names)
            names.add(name)
            found[number, proto] = Listening(number, proto, name, evidence=EXPOSE)
    for number, proto, evidence in sorted(known):
        if (number, proto) not in found and len(found) < MOST_PORTS:
            name = free_name(number, proto, names)
            names.add(name)
            found[number, proto] = Listening(number, proto, name, evidence=evidence)
    return tuple(found.values())


def _on_node_as_well(known: Listening, service: Service, index: int, port: Port, notes: Notes) -> Listening:
    """A port that is listed again, perhaps with a host port this time: a container's port has at most one."""
    if known.host_port is None:
        on_node = _host_port(service, index, port, notes)
        address = None if on_node is None else _host_ip(service, index, port, notes)
        return replace(known, host_port=on_node, host_ip=address)
    if port.mode == "host":
        path = ("services", service.name, "ports", index, "mode")
        message = (
            f"port {port.target} of the container is already bound to port {known.host_port} of the node; not published"
        )
        notes.action(path, "kubernetes-host-port-taken", message, "publish it without mode: host")
    return known


def note_protocols(service: Service, ports: Iterable[Listening], notes: Notes) -> None:
    """Add a note on a number with two protocols, which a plain apply mishandles.

    kubectl merges ports by their number alone (kubernetes/kubernetes#39188).
    """
    seen: set[int] = set()
    for port in ports:
        if port.number in seen:
            message = (
                f"kubectl apply without --server-side mixes up the protocols of port {port.number} when"
                " it updates an older version"
            )
            notes.approximated(
                ("services", service.name), "kubernetes-protocols", message, "kubectl apply --server-side"
            )
            return
        seen.add(port.number)


def note_known(service: Service, ports: Iterable[Listening], notes: Notes) -> None:
    """Add a note with the evidence for ports that the file does not list."""
    known = [f"{port.number}{_SHOWN[port.protocol]} ({port.evidence})" for port in ports if not port.is_listed]
    if known:
        notes.fine(("services", service.name), "kubernetes-known-ports", f"also listens on {', '.join(known)}")


_SHOWN = {"TCP": "", "UDP": "/udp", "SCTP": "/sctp"}


def by_container(ports: Iterable[Iterable[Listening]]) -> Iterator[tuple[Listening, ...]]:
    """The ports that each container of a pod lists: each port at the first container that has it, no name twice."""
    pod = _Pod()
    for listed in ports:
        yield tuple(pod.take(port for port in listed if port.is_listed))


def of_pod(ports: Iterable[Iterable[Listening]]) -> tuple[Listening, ...]:
    """The ports of all containers that share a pod's network, each number and protocol once, no name twice."""
    return tuple(_Pod().take(chain.from_iterable(ports)))


@dataclass(slots=True)
class _Pod:
    """The ports of one pod so far: each number and protocol once, no name twice."""

    seen: set[tuple[int, str]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def take(self, ports: Iterable[Listening]) -> Iterator[Listening]:
        """The ports that are new to the pod, with another name if theirs is taken."""
        for port in ports:
            if (port.number, port.protocol) in self.seen:
                continue
            name = port.name if port.name not in self.names else free_name(port.number, port.protocol, self.names)
            self.seen.add((port.number, port.protocol))
            self.names.add(name)
            yield port if name == port.name else replace(port, name=name)


def protocol(port: Port) -> str:
    """The port's protocol as Kubernetes writes it."""
    return PROTOCOLS.get(port.protocol.lower(), "TCP")


def _name(port: Port, key: tuple[int, str], names: set[str]) -> str:
    if not port.name:
        return free_name(*key, names)
    wanted = re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "-", port.name.lower()))[:15].strip("-")
    if PORT_NAME.fullmatch(wanted) and wanted not in names:
        return wanted
    return free_name(*key, names)


def free_name(number: int, protocol: str, names: Container[str]) -> str:
    """`tcp-8080`, or the closest name that is not among `names`."""
    name = f"{protocol.lower()}-{number}"
    prefixes = chain(("", "x-"), (f"x{number}-" for number in count(2)))
    return next(f"{prefix}{name}" for prefix in prefixes if f"{prefix}{name}" not in names)


def _host_port(service: Service, index: int, port: Port, notes: Notes) -> int | None:
    """`mode: host`: the port of the node itself."""
    if port.mode != "host" or service.network_mode == "host":
        return None
    path = ("services", service.name, "ports", index, "mode")
    first, last = port.bounds
    if not 0 < first == last <= 65535:
        notes.action(path, "kubernetes-host-port", "mode host requires exactly one published port; not published")
        return None
    notes.approximated(
        path,
        "kubernetes-host-port",
        f"port {first} of the node itself: reach it at the address of `minikube ip`",
    )
    return first


def _host_ip(service: Service, index: int, port: Port, notes: Notes) -> str | None:
    """The one address of the node that a port of `mode: host` is bound to, None for all."""
    host = (port.host_ip or "").strip("[]")
    if host in ANYWHERE:
        return None
    address = "127.0.0.1" if host == "localhost" else host
    notes.approximated(
        ("services", service.name, "ports", index, "host_ip"),
        "kubernetes-host-port-address",
        f"bound to {address} of the node, not of your machine: only the node itself can reach it",
    )
    return address


def _exposed(service: Service, notes: Notes) -> Iterable[tuple[int, str]]:
    for index, exposed in enumerate(service.expose):
        if not exposed.strip():
            # An empty entry, as from `${PORT}` without a value: docker compose exposes nothing either.
            continue
        first, last = exposed.bounds or (0, 0)
        if not 0 < first <= last <= 65535 or last - first >= MOST_EXPOSED:
            notes.action(
                ("services", service.name, "expose", index),
                "kubernetes-expose",
                (
                    f"{str(exposed)!r} is not a port, or is a range of more than {MOST_EXPOSED}; the"
                    " Service does not list it"
                ),
            )
            continue
        for number in range(first, last + 1):
            yield number, PROTOCOLS.get(exposed.protocol, "TCP")
