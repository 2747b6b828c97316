"""The addresses at which a stack's published ports answer from outside, by node addresses and assigned ports. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.held import Object
from stackferry.translator.manifest.labels import NAME
from stackferry.translator.services.doors import address

_PREFERRED = ("ExternalIP", "InternalIP", "Hostname")


@dataclass(frozen=True, slots=True)
class Address:
    """One published port: the name of its service in the cluster, and the address where it answers."""

    service: str
    host: str
    port: int
    protocol: str
    target: int

    @property
    def url(self) -> str:
        """A URL if the port appears to speak HTTP, else host and port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return address(self.port, self.protocol, host, self.target)


def node_address(nodes: Iterable[Object]) -> str | None:
    """The address of the first ready node, at which its node ports answer; None if no node has one."""
    found = sorted(nodes, key=lambda one: not _is_ready(one))
    for node in found:
        known = {one["type"]: one["address"] for one in node["status"].get("addresses", ())}
        for kind in _PREFERRED:
            if kind in known:
                return str(known[kind])
    return None


def _is_ready(node: Object) -> bool:
    conditions = node["status"].get("conditions", ())
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def addresses(services: Iterable[Object], node: str | None) -> Iterator[Address]:
    """Every port of every Service that can be reached from outside the cluster."""
    for service in services:
        spec: dict[str, Any] = service["spec"]
        name = str((service["metadata"].get("labels") or {}).get(NAME, service["metadata"]["name"]))
        given = (service.get("status") or {}).get("loadBalancer", {}).get("ingress") or ()
        outside = next((each.get("ip") or each.get("hostname") for each in given), None)
        for port in spec.get("ports") or ():
            number, protocol = int(port["port"]), str(port.get("protocol", "TCP"))
            target = port.get("targetPort")
            inside = target if isinstance(target, int) else number
            if outside:
                yield Address(name, str(outside), number, protocol, inside)
            elif spec.get("type") in ("NodePort", "LoadBalancer") and port.get("nodePort") and node:
                yield Address(name, node, int(port["nodePort"]), protocol, inside)
