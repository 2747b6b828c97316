"""Detects pod states from before the cluster's machine was stopped. Pure.

When a machine has started again, the API server still has the old states, all of them "ready", until the kubelet has
updated them: a wait that believed them would be over before anything runs.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

Pod = dict[str, Any]


def stale(pods: Iterable[Pod], since: datetime) -> tuple[str, ...]:
    """The pods (`namespace/name`) that should run, with a container whose start time is before `since`."""
    return tuple(_name(one) for one in pods if any(begun < since for begun in _begun(one)))


def _begun(pod: Pod) -> Iterable[datetime]:
    status = pod.get("status") or {}
    if "deletionTimestamp" in pod["metadata"] or status.get("phase") in ("Succeeded", "Failed"):
        return
    for container_status in status.get("containerStatuses") or ():
        state = container_status.get("state") or {}
        # A container that ended with the machine still has to be restarted.
        started = (state.get("running") or state.get("terminated") or {}).get("startedAt")
        if started:
            yield datetime.fromisoformat(str(started))


def _name(pod: Pod) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
