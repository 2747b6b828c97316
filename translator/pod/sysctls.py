"""Sysctls of a pod. Only namespaced ones can be set, and a kubelet allows only a few of these by default."""

from collections.abc import Iterable, Sequence

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.regex import regex
from stackferry.translator.image_facts.identity import identity
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack

SAFE = frozenset(
    (
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_wmem",
    )
)
"""The sysctls that every kubelet allows (Kubernetes 1.32 and later)."""

_PRIVILEGED = 1024
"""Only root, or a process with NET_BIND_SERVICE, may listen on lower ports by default."""
_PORT_START = "net.ipv4.ip_unprivileged_port_start"
_BIND = frozenset(("ALL", "NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE"))

_OF_IPC = regex(r"kernel\.(shm|msg|sem).*|fs\.mqueue\..*")
_OF_NETWORK = regex(r"net\..*")
_LEGAL = regex(r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?")


def sysctls(service: Service, stack: Stack, notes: Notes) -> list[Body]:
    """`securityContext.sysctls` of the pod.

    A kubelet fails a pod with a sysctl that it does not allow, and the workload creates the next one at once, without
    end: so unsafe sysctls are left out, unless the caller says that the nodes allow them.
    """
    found: list[Body] = []
    for name, value in service.sysctls.items():
        path = ("services", service.name, "sysctls", name)
        shared = (service.network_mode == "host" and _OF_NETWORK.fullmatch(name)) or (
            service.ipc == "host" and _OF_IPC.fullmatch(name)
        )
        if shared or not (_OF_IPC.fullmatch(name) or _OF_NETWORK.fullmatch(name)) or not _LEGAL.fullmatch(name):
            notes.action(
                path,
                "kubernetes-node-sysctl",
                "belongs to the whole node, not to a pod; not set",
                f"minikube ssh -- sudo sysctl -w {name}={value}",
            )
            continue
        if name not in SAFE and not stack.options.unsafe_sysctls:
            notes.action(
                path,
                "kubernetes-unsafe-sysctl",
                "omitted: the kubelet rejects every pod that sets it, unless the node allows it",
                f"minikube start --extra-config=kubelet.allowed-unsafe-sysctls={name} (elsewhere kubelet "
                f"--allowed-unsafe-sysctls={name}), then convert with --allow-unsafe-sysctls",
            )
            continue
        if name not in SAFE:
            notes.approximated(
                path, "kubernetes-unsafe-sysctl", f"the kubelet must allow it: --allowed-unsafe-sysctls={name}"
            )
        found.append({"name": name, "value": value})
    return found


def low_ports(group: Group, containers: Sequence[Body], stack: Stack) -> list[Body]:
    """The sysctl that lets every user listen on port 80, if a container may need it.

    Docker sets it for every container with a network of its own; containerd does by default from 2.0 on.
    """
    owner = group.owner
    if owner.network_mode == "host" or _PORT_START in owner.sysctls:
        return []
    listening = {
        container["name"]
        for container in containers
        if any(port["containerPort"] < _PRIVILEGED for port in container.get("ports", ()))
    }
    needed = any(
        stack.naming.containers[service.name] in listening and not _may_bind(service, stack)
        for service in group.services
    )
    return [{"name": _PORT_START, "value": "0"}] if needed else []


def _may_bind(service: Service, stack: Stack) -> bool:
    """Whether the service is known to run as root with root's right to bind low ports."""
    if service.privileged:
        return True
    who = identity(service, stack.host)
    return who is not None and who.is_root and not _dropped(service.cap_drop)


def _dropped(capabilities: Iterable[str]) -> bool:
    return any(one.upper() in _BIND for one in capabilities)
