"""The type that a check yields, and helpers to look into workloads."""

from collections.abc import Iterator

from stackferry.translator.manifest.manifests import Body, Manifest

Complaints = Iterator[tuple[Manifest, str, str]]
"""(the object, a stable code, what is wrong with the object)."""

WORKLOADS = frozenset(("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"))


def template_of(manifest: Manifest) -> Body:
    """The pod template of a workload."""
    spec: Body = manifest.body["spec"]
    template: Body = (spec["jobTemplate"]["spec"] if manifest.kind == "CronJob" else spec)["template"]
    return template


def pod_of(manifest: Manifest) -> Body:
    """The pod spec of a workload."""
    spec: Body = template_of(manifest)["spec"]
    return spec


def containers_of(spec: Body) -> list[Body]:
    """All containers of a pod, init containers first."""
    return [*spec.get("initContainers", ()), *spec["containers"]]
