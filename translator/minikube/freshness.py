"""Whether what the cluster says of its pods is from before its machine was stopped. Pure.

When a machine has started again, the API server still has the states from before, all of them "ready", until the
kubelet has looked: a wait that believed them would be over before anything runs.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

Pod = dict[str, Any]


def stale(pods: Iterable[Pod], since: datetime) -> tuple[str, ...]:
    """The pods (`namespace/name`) that are to run, and of which a container is said to have begun before `since`."""
    return tuple(_name(one) for one in pods if any(begun < since for begun in _begun(one)))


def _begun(pod: Pod) -> Iterable[datetime]:
    status = pod.get("status") or {}
    if "deletionTimestamp" in pod["metadata"] or status.get("phase") in ("Succeeded", "Failed"):
        return
    for container_status in status.get("containerStatuses") or ():
        state = container_status.get("state") or {}
        # One that ended with the machine is still to be started again.
        started = (state.get("running") or state.get("terminated") or {}).get("startedAt")
        if started:
            yield datetime.fromisoformat(str(started))


def _name(pod: Pod) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
