"""Services inside the cluster: the DNS names under which peers reach a service."""

from collections.abc import Iterator, Mapping

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.health.health_checks import is_checked
from stackferry.translator.manifest.labels import of_service
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.notes import Notes
from stackferry.translator.services.ports import Listening, of_pod
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack
from stackferry.translator.workload import workload_kind

Ports = Mapping[str, tuple[Listening, ...]]
"""The ports on which each service listens, by its name."""
_OF_THE_CLUSTER = "kubernetes"
"""The Service by which pods reach the API server; it is in the namespace default."""


def to_services(service: Service, ports: Ports, stack: Stack, notes: Notes) -> Iterator[Manifest]:
    """The Service with the service's own name, and one for each further name.

    A service that uses another's network has no name of its own, in compose as here: its ports are the other's.
    """
    if service.network_mode == "none":
        return
    group = stack.groups[service.name]
    if has_network_of(service, group):
        _note_nameless(service, group, stack, notes)
        return
    sharing = [one for one in group.services if one is service or has_network_of(one, group)]
    heard = of_pod(ports[one.name] for one in (sharing if service is group.owner else (service,)))
    if service is group.owner:
        _note_clashes(group, ports, notes)
    name = stack.name(service)
    if name == _OF_THE_CLUSTER and stack.options.namespace in (None, "", "default"):
        message = "in the namespace default, this Service would replace that of the cluster's API server"
        hint = "convert with another --namespace"
        notes.action(("services", service.name), "kubernetes-api-service", message, hint)
    if is_headless(service, heard):
        _note_headless(service, heard, stack, notes)
    yield _service(service, name, heard, group, stack)
    for alias in stack.naming.further.aliases.get(service.name, ()):
        yield _service(service, alias, heard, group, stack)


def has_network_of(service: Service, group: Group) -> bool:
    """Whether the service itself uses the network of the pod's owner, and does not only share the pod."""
    return service is not group.owner and service.network_mode is not None and service.network_mode.is_shared


def is_headless(service: Service, ports: tuple[Listening, ...]) -> bool:
    """Whether the name resolves to the pods themselves.

    A headless Service passes every port, which is needed if no port is known. `dnsrr` asks for the same.
    """
    return not ports or (service.deploy is not None and service.deploy.endpoint_mode == "dnsrr")


def shows_unready(service: Service, group: Group, stack: Stack) -> bool:
    """Whether the name also resolves to pods that are not ready, like compose's DNS, which ignores health.

    Only a health check makes a running pod unready. Without one the field would only do harm: it also keeps terminating
    pods in the Service (endpointslice's `podToEndpoint`), so that every update would lose requests. The same holds for
    several replicas, where the others answer, unless the service may need itself.
    """
    checked = any(is_checked(one, stack.host) for one in group.services)
    return checked and (group.owner.replicas <= 1 or service.name in stack.discovery.rings)


def _service(service: Service, name: str, ports: tuple[Listening, ...], group: Group, stack: Stack) -> Manifest:
    spec: Body = {"clusterIP": "None"} if is_headless(service, ports) else {"type": "ClusterIP"}
    if shows_unready(service, group, stack):
        spec["publishNotReadyAddresses"] = True
    spec["selector"] = stack.selector(service)
    if ports:
        spec["ports"] = [port.of_service() for port in ports]
    labels = of_service(stack.project.name, stack.name(service))
    return manifest("Service", name, stack.options.namespace, labels, {"spec": spec})


def _note_headless(service: Service, ports: tuple[Listening, ...], stack: Stack, notes: Notes) -> None:
    path = ("services", service.name)
    if ports:
        return
    callers = stack.discovery.callers.of(service.name)
    if not callers and (len(stack.project.services) == 1 or workload_kind(service, stack) == "Job"):
        # Nothing else in the stack could call it.
        return
    named = f"; {', '.join(callers)} would" if callers else ""
    notes.approximated(
        path,
        "kubernetes-headless",
        (
            "headless, because none of its ports is known: clients that cache its address lose it when"
            f" the pod is replaced{named}"
        ),
        "list its ports in expose; if it was already applied, the Service must be recreated: kubectl"
        f" delete service{stack.options.in_namespace} {stack.name(service)}",
    )


def _note_nameless(service: Service, group: Group, stack: Stack, notes: Notes) -> None:
    callers = [name for name in stack.discovery.callers.of(service.name) if name not in _names(group)]
    if callers:
        notes.action(
            ("services", service.name, "network_mode"),
            "kubernetes-no-name",
            (
                f"{', '.join(callers)} refers to it, but it has no name of its own: it uses the network"
                f" of {group.owner.name}"
            ),
            f"reach it at {stack.name(group.owner)}",
        )
    else:
        message = f"a container in the pod of {group.owner.name}"
        notes.fine(("services", service.name, "network_mode"), "kubernetes-one-pod", message)


def _names(group: Group) -> frozenset[str]:
    return frozenset(one.name for one in group.services)


def _note_clashes(group: Group, ports: Ports, notes: Notes) -> None:
    """Containers of one pod share its ports; in compose, only those do that use each other's network."""
    users: dict[tuple[int, str], str] = {}
    for service in group.services:
        for port in ports[service.name]:
            first = users.setdefault((port.number, port.protocol), service.name)
            if first == service.name:
                continue
            message = f"{first} also listens on port {port.number}, and containers in the same pod share their ports"
            path, code = ("services", service.name), "kubernetes-port-clash"
            if has_network_of(service, group):
                notes.approximated(path, code, message)
            else:
                notes.action(path, code, message, f"make {service.name} listen on another port")
