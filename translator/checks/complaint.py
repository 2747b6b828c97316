"""What a check yields, and how checks look at workloads."""

from collections.abc import Iterator

from stackferry.translator.manifest.manifests import Body, Manifest

Complaints = Iterator[tuple[Manifest, str, str]]
"""(the object, a stable code, what is wrong with it)."""

WORKLOADS = frozenset(("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"))


def template_of(manifest: Manifest) -> Body:
    """The pod template of a workload."""
    spec: Body = manifest.body["spec"]
    template: Body = (spec["jobTemplate"]["spec"] if manifest.kind == "CronJob" else spec)["template"]
    return template


def pod_of(manifest: Manifest) -> Body:
    """The pod's spec of a workload."""
    spec: Body = template_of(manifest)["spec"]
    return spec


def containers_of(spec: Body) -> list[Body]:
    """All containers of a pod, those that run before it starts first."""
    return [*spec.get("initContainers", ()), *spec["containers"]]
