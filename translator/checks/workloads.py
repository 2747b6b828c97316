"""How workloads replace and restart their pods."""

from stackferry.translator.checks.complaint import Complaints, pod_of
from stackferry.translator.manifest.manifests import Manifest


def check_strategies(manifests: tuple[Manifest, ...]) -> Complaints:
    """Rollouts that the API takes."""
    for one in manifests:
        if one.kind not in ("Deployment", "DaemonSet"):
            continue
        spec = one.body["spec"]
        strategy = spec.get("strategy") or spec.get("updateStrategy") or {}
        rolling = strategy.get("rollingUpdate")
        if strategy.get("type") == "Recreate" and rolling is not None:
            yield one, "check-strategy", "Recreate excludes rollingUpdate"
        if rolling is not None and not rolling.get("maxSurge", 1) and not rolling.get("maxUnavailable", 1):
            yield one, "check-strategy", "maxSurge and maxUnavailable cannot both be 0"
        if spec.get("progressDeadlineSeconds", 600) <= spec.get("minReadySeconds", 0) and one.kind == "Deployment":
            yield one, "check-strategy", "progressDeadlineSeconds must be longer than minReadySeconds"
        if pod_of(one)["restartPolicy"] != "Always":
            yield one, "check-restart", f"a {one.kind} restarts always"
