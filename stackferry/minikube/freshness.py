"""Waits until the cluster knows the current state of its pods, after its machine was restarted."""

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from stackferry.translator.minikube.freshness import stale

if TYPE_CHECKING:
    from stackferry.session import Session
    from stackferry.translator.cluster.client import KubernetesClient

_PATIENCE = 90.0
"""Most seconds to wait: a node whose clock is behind would always report old pods."""
_LOOK = 1.0
_SLACK = timedelta(seconds=2)
"""Tolerance in time: states have whole seconds, and two clocks are involved."""


def now() -> datetime:
    """The time, to be taken before the machine is started."""
    return datetime.now(UTC) - _SLACK


def await_fresh(session: "Session", client: "KubernetesClient", since: datetime) -> None:
    """Wait until no pod is reported as running since before `since`, or until the timeout."""
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
