"""The Service through which the outside reaches a service's published ports: `<name>-published`, a NodePort."""

from collections.abc import Container, Sequence

from stackferry.translator.manifest.labels import of_service
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.notes import Notes
from stackferry.translator.services.doors import Door, address
from stackferry.translator.services.published import Published
from stackferry.translator.stack import Stack


def to_published(kind: str, entries: Sequence[Body], first: Published, stack: Stack) -> Manifest:
    """The Service `<name>-published` of a kind (NodePort, LoadBalancer, ClusterIP): only ready pods get traffic."""
    name = stack.name(first.service)
    spec: Body = {"type": kind, "selector": stack.selector(first.service), "ports": list(entries)}
    labels = of_service(stack.project.name, name)
    return manifest(
        "Service", stack.naming.published[first.service.name], stack.options.namespace, labels, {"spec": spec}
    )


def to_node_ports(
    published: Sequence[Published],
    taken: set[tuple[int, str]],
    stack: Stack,
    notes: Notes,
    doors: list[Door],
    by_route: Container[int] = (),
) -> Manifest | None:
    """The Service, None if nothing is published. `taken` are the node ports of the stack so far; it grows.

    `by_route` are indexes of ports that are reached otherwise, so that nobody needs to know their node port.
    """
    if not published:
        return None
    entries: list[Body] = []
    for port in published:
        entry = port.of_service()
        if port.index not in by_route:
            entry.update(_pinned(port, taken, stack, notes))
            doors.append(_door(port, entry.get("nodePort"), stack))
        entries.append(entry)
    return to_published("NodePort", entries, published[0], stack)


def _pinned(port: Published, taken: set[tuple[int, str]], stack: Stack, notes: Notes) -> Body:
    """The node port, if the number is in the cluster's range and still free in the stack."""
    key = port.number, port.target.protocol
    first, last = stack.options.node_ports[0], stack.options.node_ports[-1]
    if port.number not in stack.options.node_ports:
        message = f"{port.number} is outside the cluster's node port range ({first}-{last}), so the cluster chooses one"
        notes.approximated(port.path, "kubernetes-any-node-port", message, _ask(port, stack))
        return {}
    if key in taken:
        message = f"another service of the stack already uses node port {port.number}; the cluster chooses one"
        notes.action(port.path, "kubernetes-node-port-taken", message, _ask(port, stack))
        return {}
    taken.add(key)
    message = f"port {port.number} of every node: no other stack in the cluster can use it"
    notes.approximated(port.path, "kubernetes-node-port", message)
    return {"nodePort": port.number}


def _ask(port: Published, stack: Stack) -> str:
    """The command that prints the node port."""
    name = f"{stack.options.in_namespace} {stack.naming.published[port.service.name]}"
    return f"minikube service{name} --url, or kubectl get service{name}"


def _door(port: Published, node_port: int | None, stack: Stack) -> Door:
    protocol = port.target.protocol
    text = _ask(port, stack) if node_port is None else address(node_port, protocol, number=port.target.number)
    return Door(port.service.name, port.number, protocol, text)
