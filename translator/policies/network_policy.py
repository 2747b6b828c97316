"""The NetworkPolicies of a stack: services on a network may talk to each other, and published ports are open to all.

Policies add up: no policy forbids what another one allows. A pod that no policy selects is open.

* for each network: its pods accept traffic from its pods, and unless it is internal they reach everybody, which is
  the default unless somebody has closed the namespace by a policy of their own;
* for each service with published ports: these ports accept traffic from anywhere, so that nothing is cut off;
* for each pod on internal networks only: it reaches those networks and the DNS of the cluster, nothing else;
* for each service without a network: nothing at all.
"""

from collections.abc import Iterator, Mapping, Sequence

from stackferry.grammar.compose.model.attachments import COMPLETED
from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.labels import INSTANCE, of_project, of_service
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.manifest.names import dns_label
from stackferry.translator.notes import Notes
from stackferry.translator.policies.networks import is_inside, network_label, networks_of
from stackferry.translator.services.exposure import Exposure
from stackferry.translator.services.ports import Listening
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack
from stackferry.translator.workload import for_all_pods

_ENFORCED = "if the cluster's network enforces policies (minikube start --cni=calico)"
_DNS: Body = {
    "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}],
    "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
}
_API: Body = {"ports": [{"protocol": "TCP", "port": 443}, {"protocol": "TCP", "port": 6443}]}
"""The API server's ports: init containers ask it about Jobs, and no selector can say where it runs."""


def to_policies(exposure: Exposure, stack: Stack, notes: Notes) -> Iterator[Manifest]:
    """All policies of the stack; none unless the caller asks for them."""
    if not stack.options.network_policies:
        return
    used = dict.fromkeys(key for group in stack.pods() for key in networks_of(group))
    for key in used:
        yield _of_network(key, stack)
    for group in stack.pods():
        ports = _open_ports(group, exposure)
        if ports:
            yield _of_service(group, "published", {"ingress": [{"ports": ports}]}, stack)
        if is_inside(group, stack.project):
            yield _of_service(group, "internal", {"egress": _egress(group, stack, notes)}, stack)
        if group.owner.network_mode == "none":
            yield _of_service(group, "isolated", {"ingress": [], "egress": []}, stack)
    _note(stack, notes)


def _of_network(key: str, stack: Stack) -> Manifest:
    labels = of_project(stack.project.name)
    network = stack.project.networks.get(key)
    is_open = network is None or not network.internal
    spec: Body = {
        "podSelector": {"matchLabels": {INSTANCE: labels[INSTANCE], network_label(key, stack.project): "true"}},
        "policyTypes": ["Ingress", "Egress"] if is_open else ["Ingress"],
        "ingress": [{"from": [_members(key, stack)]}],
        **({"egress": [{}]} if is_open else {}),
    }
    return manifest("NetworkPolicy", dns_label(f"network-{key}"), stack.options.namespace, labels, {"spec": spec})


def _members(key: str, stack: Stack) -> Body:
    """The pods of a network; for an external network, those of all stacks and namespaces."""
    label = {network_label(key, stack.project): "true"}
    network = stack.project.networks.get(key)
    if network is not None and network.external:
        return {"namespaceSelector": {}, "podSelector": {"matchLabels": label}}
    return {"podSelector": {"matchLabels": {INSTANCE: of_project(stack.project.name)[INSTANCE], **label}}}


def _of_service(group: Group, purpose: str, rules: Mapping[str, Sequence[Body]], stack: Stack) -> Manifest:
    name = stack.name(group.owner)
    spec: Body = {
        "podSelector": {"matchLabels": stack.selector(group.owner)},
        "policyTypes": [kind.capitalize() for kind in rules],
        **rules,
    }
    labels = of_service(stack.project.name, name)
    return manifest("NetworkPolicy", dns_label(f"{purpose}-{name}"), stack.options.namespace, labels, {"spec": spec})


def _open_ports(group: Group, exposure: Exposure) -> list[Body]:
    """The ports that are open to all: published ports, those of the node itself, and those that routes lead to."""
    found: dict[tuple[int, str], None] = {}
    for service in group.services:
        outside = [port.target for port in exposure.published.get(service.name, ())]
        on_node = [port for port in exposure.ports[service.name] if port.host_port is not None]
        routed = [port for port in exposure.ports[service.name] if (service.name, port.number) in exposure.routed]
        found.update(dict.fromkeys(map(_key, (*outside, *on_node, *routed))))
    return [{"protocol": protocol, "port": number} for number, protocol in found]


def _key(port: Listening) -> tuple[int, str]:
    return port.number, port.protocol


def _egress(group: Group, stack: Stack, notes: Notes) -> list[Body]:
    to = [_members(key, stack) for key in networks_of(group)]
    asks = stack.options.wait and any(_waits_for_a_job(service) or for_all_pods(service) for service in group.services)
    if asks:
        message = "it may connect to ports 443 and 6443 of any address, to ask the API server about a Job"
        notes.approximated(("services", group.owner.name, "depends_on"), "kubernetes-internal-wait", message)
    return [{"to": to}, _DNS, *([_API] if asks else [])]


def _waits_for_a_job(service: Service) -> bool:
    return any(one.condition == COMPLETED for one in service.depends_on.values())


def _note(stack: Stack, notes: Notes) -> None:
    for key, network in stack.project.networks.items():
        message = f"only services that share it reach each other, {_ENFORCED}"
        notes.approximated(("networks", key), "kubernetes-network-policy", message)
        if network.internal:
            message = f"services that are only on internal networks reach nothing else, {_ENFORCED}"
            notes.approximated(("networks", key, "internal"), "kubernetes-network-policy", message)
    for service in stack.project.services.values():
        for key in service.networks:
            path = ("services", service.name, "networks", key)
            message = f"its pods join it by a label, {_ENFORCED}"
            notes.approximated(path, "kubernetes-network-policy", message)
        if service.network_mode == "none":
            message = f"nothing can reach it, and it cannot reach anything, {_ENFORCED}"
            notes.approximated(("services", service.name, "network_mode"), "kubernetes-network-policy", message)
