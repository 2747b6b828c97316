"""What a check yields, and how checks look at workloads."""

from collections.abc import Iterator

from stackferry.translator.manifest.manifests import Body, Manifest

Complaints = Iterator[tuple[Manifest, str, str]]
"""(the object, a stable code, what is wrong with it)."""

WORKLOADS = frozenset(("Deployment", "DaemonSet", "Job"))


def pod_of(one: Manifest) -> Body:
    """The pod's spec of a workload."""
    spec: Body = one.body["spec"]["template"]["spec"]
    return spec
