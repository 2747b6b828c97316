"""How a workload replaces its pods: by `update_config`, else by what its volumes allow."""

from stackferry.grammar.compose.model.deploy import UpdatePolicy
from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.quantities import whole_seconds
from stackferry.translator.notes import Notes

PROGRESS_DEADLINE = 600
"""Kubernetes' default in seconds; it must be longer than `minReadySeconds`."""
RECREATE: Body = {"type": "Recreate"}
ROLLING: Body = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
"""Kubernetes' default, written out, so that a server-side apply which changes to Recreate removes the fields."""


def deployment_strategy(service: Service, exclusive: bool, undo: str, notes: Notes) -> Body:
    """Fields of a Deployment's spec. `exclusive`: old and new pod must not run at the same time.

    `undo` is the command that rolls back to the previous revision.
    """
    policy = service.deploy.update_config if service.deploy else None
    alone = exclusive and service.replicas <= 1
    if policy is None:
        return {"strategy": dict(RECREATE if alone else ROLLING)}
    found: Body = {"strategy": _rolling(policy)}
    if not _start_first(policy) and (alone or policy.parallelism == 0):
        # Stop-first with one pod, or all at once: Recreate does exactly that, and it also waits
        # until the old pod has released the volume.
        found["strategy"] = dict(RECREATE)
    found.update(_watching(policy))
    _note_rest(service, policy, undo, notes)
    return found


def daemonset_strategy(service: Service, undo: str, notes: Notes) -> Body:
    """Fields of a DaemonSet's spec, which names them `updateStrategy` and has no Recreate."""
    policy = service.deploy.update_config if service.deploy else None
    if policy is None:
        return {}
    found: Body = {"updateStrategy": _rolling(policy)}
    watching = _watching(policy)
    if "minReadySeconds" in watching:
        found["minReadySeconds"] = watching["minReadySeconds"]
    _note_rest(service, policy, undo, notes)
    return found


def statefulset_strategy(service: Service, undo: str, notes: Notes) -> Body:
    """Fields of a StatefulSet's spec: it replaces one pod after the other, each after its predecessor has ended."""
    policy = service.deploy.update_config if service.deploy else None
    if policy is None:
        return {}
    path = ("services", service.name, "deploy", "update_config")
    if policy.parallelism is not None and policy.parallelism != 1 and service.replicas > 1:
        message = (
            "one after the other: replacing several at once (maxUnavailable) is not yet enabled by"
            " default in Kubernetes"
        )
        notes.approximated((*path, "parallelism"), "kubernetes-one-by-one", message)
    if _start_first(policy):
        message = "stop-first: two pods of one slot never run at once"
        notes.approximated((*path, "order"), "kubernetes-stop-first", message)
    watching = _watching(policy)
    _note_rest(service, policy, undo, notes)
    return {"minReadySeconds": watching["minReadySeconds"]} if watching else {}


def _start_first(policy: UpdatePolicy) -> bool:
    return policy.order == "start-first"


def _rolling(policy: UpdatePolicy) -> Body:
    at_once = 1 if policy.parallelism is None else policy.parallelism or "100%"
    surge, unavailable = (at_once, 0) if _start_first(policy) else (0, at_once)
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}


def _watching(policy: UpdatePolicy) -> Body:
    """`delay` and `monitor` both hold the rollout back after each step: the longer one counts."""
    seconds = max((whole_seconds(one) for one in (policy.delay, policy.monitor) if one), default=0)
    if not seconds:
        return {}
    found: Body = {"minReadySeconds": seconds}
    if seconds >= PROGRESS_DEADLINE:
        found["progressDeadlineSeconds"] = seconds + PROGRESS_DEADLINE
    return found


_WORDS = {"rollback": "go back", "continue": "go on"}


def _note_rest(service: Service, policy: UpdatePolicy, undo: str, notes: Notes) -> None:
    path = ("services", service.name, "deploy", "update_config")
    if policy.failure_action in ("rollback", "continue"):
        notes.action(
            (*path, "failure_action"),
            "kubernetes-failure-action",
            f"a failed rollout stops (pause); it does not {_WORDS[policy.failure_action]} by itself",
            undo if policy.failure_action == "rollback" else "watch it with kubectl rollout status",
        )
    if policy.max_failure_ratio:
        notes.action(
            (*path, "max_failure_ratio"), "kubernetes-failure-ratio", "a rollout stops at the first failed pod"
        )
