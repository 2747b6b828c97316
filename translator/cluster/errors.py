"""Errors for a cluster's refusals, in words that a person understands."""

from collections.abc import Mapping
from typing import Any

from stackferry.grammar.diagnostics import StackferryError


class ClusterError(StackferryError):
    """The cluster refused or did not answer. `status` is HTTP's, 0 without an answer; `reason` is Kubernetes' word."""

    def __init__(self, message: str, hint: str = "", *, status: int = 0, reason: str = "") -> None:
        super().__init__(message, hint)
        self.status, self.reason = status, reason


class ConflictError(ClusterError):
    """Another field manager owns fields that the stack sets, too."""


def refusal(what: str, status: int, body: Mapping[str, Any]) -> ClusterError:
    """The error for an answer with a status of 400 or more; `what` names the request, like `apply Deployment/web`."""
    message = str(body.get("message") or f"HTTP status {status}")
    reason = str(body.get("reason") or "")
    if status == 409 and reason == "Conflict":
        return ConflictError(f"{what}: {message}", _HINTS[409], status=status, reason=reason)
    return ClusterError(f"{what}: {message}", _hint(status, message), status=status, reason=reason)


_HINTS = {
    401: "log in to the cluster again: it no longer accepts the user in the kubeconfig",
    403: "ask the cluster's administrator for this permission, or specify another namespace with --namespace",
    409: "take these fields over with --force-conflicts; whoever set them may set them again",
}
_IMMUTABLE = (
    "an object that is not part of the stack has this name, and it cannot be changed: delete it,"
    " with all it contains, or rename the service or volume"
)


def _hint(status: int, message: str) -> str:
    if status == 422 and ("immutable" in message or "Forbidden: updates to" in message or "is forbidden" in message):
        return _IMMUTABLE
    return _HINTS.get(status, "")
