"""PodDisruptionBudget: when a node is drained, the replicas of a service are evicted one after the other."""

from stackferry.translator.manifest.labels import of_service
from stackferry.translator.manifest.manifests import Manifest, manifest
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack

_REPLICATED = frozenset(("Deployment", "StatefulSet"))


def to_budget(kind: str, group: Group, stack: Stack) -> Manifest | None:
    """The budget of a workload, None if it has at most one replica. A pod that is not ready does not block a drain."""
    if kind not in _REPLICATED or group.owner.replicas <= 1:
        return None
    name = stack.name(group.owner)
    spec = {
        "maxUnavailable": 1,
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
        "selector": {"matchLabels": stack.selector(group.owner)},
    }
    return manifest(
        "PodDisruptionBudget", name, stack.options.namespace, of_service(stack.project.name, name), {"spec": spec}
    )
