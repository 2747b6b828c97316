"""Chooses the cluster by its context, which must be named explicitly, and confirms the first apply there."""

import sys
from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import StackferryError
from stackferry.options.declaration import WrongValueError
from stackferry.options.question import confirmed

if TYPE_CHECKING:
    from stackferry.session import Session
    from stackferry.translator.cluster.client import KubernetesClient


def cluster(context: str | None, kubeconfig: str | None) -> "KubernetesClient":
    """A connection to the cluster of a context. Raises StackferryError that lists the existing contexts."""
    from stackferry.translator.cluster.client import connect
    from stackferry.translator.cluster.kubeconfig import contexts

    if context is None:
        listed = ", ".join(sorted(contexts(kubeconfig))) or "none"
        raise WrongValueError(f"specify the cluster with --context: the kubeconfig has {listed}", option="--context")
    return connect(context, kubeconfig)


def confirm(session: "Session", question: str, *, yes: bool) -> None:
    """Ask the user for confirmation; raises if it is refused."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise StackferryError(
            f"cannot ask without a terminal: {question}", "confirm it with --yes; nothing was applied"
        )
    if not confirmed(question):
        raise StackferryError("nothing was applied", "")
    session.note("")
