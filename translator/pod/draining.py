"""How a pod with callers ends: a pause before SIGTERM, so that an update loses no request.

When a pod is to end, the cluster removes its endpoints and stops its containers at the same time, and neither waits for
the other: for a moment, requests still arrive. Until the pause is over, the old container answers them.
"""

from collections.abc import Mapping, Sequence

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.health.health_checks import is_checked
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes
from stackferry.translator.pod.lifecycle import lifecycle
from stackferry.translator.pod.pod import grace
from stackferry.translator.services.ports import Listening
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack

PAUSE = 5
"""Seconds; a node's kube-proxy updates its rules within one or two."""
STOP = 10
"""Docker compose's grace period after SIGTERM, in seconds; Kubernetes' default is 30."""
FIRST_SLEEP = 30
"""The first minor version of Kubernetes with the `sleep` handler enabled by default."""
_ROLLING = frozenset(("Deployment", "DaemonSet", "StatefulSet"))


def rolls(kind: str, spec: Body) -> bool:
    """Whether a rollout replaces some pods of the workload while others answer."""
    strategy: Body = spec.get("strategy", {})
    return kind in _ROLLING and strategy.get("type") != "Recreate"


def drain(pod: Body, group: Group, ports: Mapping[str, Sequence[Listening]], stack: Stack, notes: Notes) -> None:
    """Give every listening container of the pod's spec a pause, and extend the pod's grace period by it."""
    listening = {stack.naming.containers[one.name]: one for one in group.services if ports[one.name]}
    paused = [container for container in pod["containers"] if container["name"] in listening]
    if not paused or group.owner.network_mode == "none":
        return
    if stack.options.kubernetes < FIRST_SLEEP:
        message = "an update may lose requests: this version of Kubernetes cannot delay the termination of a container"
        notes.approximated(("services", group.owner.name), "kubernetes-no-pause", message)
        return
    for container in paused:
        service = listening[container["name"]]
        # The service's own commands at its end come after the pause, in one script with it.
        container["lifecycle"] = lifecycle(service, stack, Notes(), pause=PAUSE)
        _note_unchecked(service, group, stack, notes)
    seconds = grace(group)
    pod["terminationGracePeriodSeconds"] = PAUSE + (STOP if seconds is None else seconds)


def _note_unchecked(service: Service, group: Group, stack: Stack, notes: Notes) -> None:
    is_called = bool(service.ports or stack.discovery.callers.of(service.name))
    if is_called and group.owner.replicas > 1 and not is_checked(service, stack.host):
        message = (
            "without a health check, a new pod gets requests as soon as it is running, even if it is not listening yet"
        )
        notes.approximated(("services", service.name), "kubernetes-no-check", message, "add a healthcheck")
