"""Checks how workloads replace and restart their pods, and which objects they need besides."""

from stackferry.translator.checks.complaint import Complaints, containers_of, pod_of, template_of
from stackferry.translator.manifest.manifests import Manifest


def check_strategies(manifests: tuple[Manifest, ...]) -> Complaints:
    """Rollout strategies are such as the API accepts."""
    for manifest in manifests:
        if manifest.kind not in ("Deployment", "DaemonSet", "StatefulSet"):
            continue
        spec = manifest.body["spec"]
        strategy = spec.get("strategy") or spec.get("updateStrategy") or {}
        rolling = strategy.get("rollingUpdate")
        if strategy.get("type") == "Recreate" and rolling is not None:
            yield manifest, "check-strategy", "Recreate and rollingUpdate are mutually exclusive"
        if rolling is not None and not rolling.get("maxSurge", 1) and not rolling.get("maxUnavailable", 1):
            yield manifest, "check-strategy", "maxSurge and maxUnavailable cannot both be 0"
        if spec.get("progressDeadlineSeconds", 600) <= spec.get("minReadySeconds", 0) and manifest.kind == "Deployment":
            yield manifest, "check-strategy", "progressDeadlineSeconds must be longer than minReadySeconds"
        if pod_of(manifest)["restartPolicy"] != "Always":
            yield manifest, "check-restart", f"a {manifest.kind} restarts always"


_LONGEST_SET = 52


def check_sets(manifests: tuple[Manifest, ...]) -> Complaints:
    """StatefulSets: names short enough for the labels of their pods, a Service for the pods' names, claims in use."""
    services = {one.name: one.body["spec"] for one in manifests if one.kind == "Service"}
    for manifest in manifests:
        if manifest.kind != "StatefulSet":
            continue
        spec = manifest.body["spec"]
        governing = services.get(spec["serviceName"])
        if governing is None or governing.get("clusterIP") != "None":
            yield manifest, "check-set", f"{spec['serviceName']} is not a headless Service of the stack"
        elif not governing["selector"].items() <= template_of(manifest)["metadata"]["labels"].items():
            yield manifest, "check-set", f"{spec['serviceName']} does not select its pods"
        if len(manifest.name) > _LONGEST_SET:
            yield manifest, "check-set", f"longer than {_LONGEST_SET} characters, too long for the labels of its pods"
        mounted = {mount["name"] for each in containers_of(pod_of(manifest)) for mount in each.get("volumeMounts", [])}
        for claim in spec.get("volumeClaimTemplates", []):
            if claim["metadata"]["name"] not in mounted:
                yield manifest, "check-set", f"no container mounts the claims {claim['metadata']['name']}"
