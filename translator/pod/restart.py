"""Which exits restart a container: `restart` and `deploy.restart_policy`."""

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.notes import Notes, Path
from stackferry.translator.sharing import Group

ALWAYS = frozenset(("always", "unless-stopped", "any"))
BACKOFF_LIMIT = 6
"""Kubernetes' default number of retries of a Job, written out."""


def condition(service: Service) -> tuple[str, int | None, Path]:
    """Compose's condition, its number of retries and the key that sets it; empty if none does."""
    path: Path = ("services", service.name)
    policy = service.deploy.restart_policy if service.deploy else None
    if policy is not None and policy.condition:
        where: Path = (*path, "deploy", "restart_policy", "condition")
        return policy.condition, policy.max_attempts, where
    own = service.restart
    attempts = own.max_attempts if own else None
    if attempts is None and policy is not None:
        attempts = policy.max_attempts
    return own.condition if own else "", attempts, (*path, "restart")


def note_always(service: Service, group: Group, notes: Notes) -> None:
    """Deployments and DaemonSets always restart containers; add a note where compose asks for less."""
    wanted, _, path = condition(service)
    if not wanted or wanted in ALWAYS:
        return
    message, hint = f"{wanted}: Kubernetes restarts the container of a long-running workload whenever it ends", ""
    if group.members:
        others = " and ".join(other.name for other in group.services if other is not service)
        message += f"; until it is running again, the pod is not ready, including {others}"
        hint = f"if {service.name} runs to completion, give it its own pod, without network_mode, ipc and pid"
    notes.approximated(path, "kubernetes-restart", message, hint)


def job_policy(service: Service, certain: bool, notes: Notes) -> tuple[str, int]:
    """`restartPolicy` of a Job's pod and `backoffLimit` of the Job.

    `certain`: all dependencies of the service have shown that they work when the pod starts. Otherwise the first try
    may come too early, and a failed Job stays failed.
    """
    wanted, attempts, path = condition(service)
    if wanted in ("", "no", "none"):
        if certain:
            return "Never", 0
        notes.approximated(
            path,
            "kubernetes-job-retries",
            f"retried up to {BACKOFF_LIMIT} times if it fails: it may start before its dependencies are ready",
            "to avoid retries, wait for its dependencies with condition: service_healthy and a healthcheck",
        )
        return "OnFailure", BACKOFF_LIMIT
    if wanted in ALWAYS:
        notes.approximated(path, "kubernetes-restart", f"{wanted}: a Job runs again after a failure, not after success")
    return "OnFailure", BACKOFF_LIMIT if attempts is None else attempts
