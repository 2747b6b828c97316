"""Waits until the cluster knows how its pods are, after its machine has started again."""

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from stackferry.translator.minikube.freshness import stale

if TYPE_CHECKING:
    from stackferry.session import Session
    from stackferry.translator.cluster.client import KubernetesClient

_PATIENCE = 90.0
"""Seconds at most: a node whose clock is behind says for ever that its pods are old."""
_LOOK = 1.0
_SLACK = timedelta(seconds=2)
"""States are told in whole seconds, and two clocks are involved."""


def now() -> datetime:
    """The moment before the machine is started."""
    return datetime.now(UTC) - _SLACK


def await_fresh(session: "Session", client: "KubernetesClient", since: datetime) -> None:
    """Wait until no pod is said to run from before `since`, or for as long as that is worth it."""
    from stackferry.translator.cluster.resources import collection

    end = time.monotonic() + _PATIENCE
    told = False
    while old := stale(client.request("GET", collection("Pod", None))["items"], since):
        if not told:
            session.note("waiting for the node to start its pods again")
            told = True
        if time.monotonic() > end:
            session.note(
                f"these pods may be from before the restart: {', '.join(old[:5])}; check the clock of the node"
            )
            return
        time.sleep(_LOOK)
