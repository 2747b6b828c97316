"""The rollout state of a stack's workloads, and what keeps a pod from running, read from the objects alone. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.cluster.held import Object, id_of
from stackferry.translator.manifest.labels import NAME

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a container or pod does not run. `pod` and `container` name the container whose last output is worth reading.

    `patience`: seconds in which the trouble may still go away: an image that cannot be pulled may be pushed in a
    moment, an invalid image name never becomes valid. `passing`: seconds in which it is not reported, because many new
    stacks begin with it, or because the container's status will soon say it better.
    """

    reason: str
    message: str
    pod: str
    container: str = ""
    patience: float = 60.0
    has_output: bool = False
    passing: float = 0.0

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}" if self.message else self.reason

    @property
    def is_explained(self) -> bool:
        """Whether this is the whole story; if a pod lacks its volumes, only the events of its claims say why."""
        return self.reason != _UNSCHEDULED or _VOLUMES.search(self.message) is None


_UNSCHEDULED = "no node accepts it"
_VOLUMES = regex(r"PersistentVolumeClaim|\bPVC\b|volume", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Standing:
    """One workload: the name of its service in the cluster, the ready and the wanted number of pods, its troubles.

    `at` is the init container that runs in one of its pods, to show what the pod waits for. `runs`: whether any
    container of its pods runs.
    """

    id: str
    service: str
    ready: int
    wanted: int
    is_done: bool
    has_failed: bool = False
    troubles: tuple[Trouble, ...] = ()
    at: str = ""
    runs: bool = False

    @property
    def text(self) -> str:
        """The line that shows its progress."""
        mark = "✘" if self.has_failed else "✔" if self.is_done else "…"
        said = str(self.troubles[0]) if self.troubles else f"init container {self.at}" if self.at else ""
        shown = f"  {said}" if said and not self.is_done else ""
        return f"{mark} {self.id} {self.ready}/{self.wanted}{shown}"


def standings(workloads: Iterable[Object], pods: Iterable[Object], events: Iterable[Object] = ()) -> list[Standing]:
    """The state of every workload, in the given order. `events` are warnings about pods, and workloads without pods."""
    by_service: dict[str, list[Object]] = {}
    for pod in pods:
        if "deletionTimestamp" not in pod["metadata"]:
            by_service.setdefault(_service(pod), []).append(pod)
    warned = {(event["involvedObject"].get("kind"), event["involvedObject"].get("name")): event for event in events}
    return [_standing(one, by_service.get(_service(one), ()), warned) for one in workloads]


def _service(resource: Object) -> str:
    return str((resource["metadata"].get("labels") or {}).get(NAME, ""))


Warned = Mapping[tuple[str, str], Object]
"""The newest warning about each object, by kind and name."""


def _standing(resource: Object, pods: Iterable[Object], warned: Warned) -> Standing:
    ready, wanted, is_done, has_failed = _COUNTS[resource["kind"]](resource)
    standing = Standing(id_of(resource), _service(resource), ready, wanted, is_done, has_failed)
    if is_done:
        return standing
    now = [pod for pod in pods if not _is_old(pod, resource)]
    found = (*_refused(resource, now, warned), *(trouble for pod in now for trouble in troubles(pod, warned)))
    return replace(
        standing, troubles=found, at=next(filter(None, map(_init_container, now)), ""), runs=any(map(_runs, now))
    )


def _refused(resource: Object, pods: Sequence[Object], warned: Warned) -> Iterator[Trouble]:
    """Pods that the cluster refuses to create: by Pod Security, a quota, or for want of a service account."""
    for condition in (resource.get("status") or {}).get("conditions", ()):
        if condition["type"] == "ReplicaFailure" and condition["status"] == "True":
            yield Trouble("its pods are rejected", str(condition.get("message", "")), "", patience=_REFUSED)
            return
    event = warned.get((resource["kind"], resource["metadata"]["name"]))
    if event is not None and event.get("reason") == "FailedCreate" and not pods:
        yield Trouble("its pods are rejected", str(event.get("message", "")), "", patience=_REFUSED)


def _init_container(pod: Object) -> str:
    """The init container of the pod that runs now."""
    started = (pod.get("status") or {}).get("initContainerStatuses", ())
    return next((str(one["name"]) for one in started if "running" in (one.get("state") or {})), "")


def _runs(pod: Object) -> bool:
    status = pod.get("status") or {}
    started = (*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ()))
    return any("running" in (one.get("state") or {}) for one in started)


def _is_old(pod: Object, workload: Object) -> bool:
    """Whether an update is about to replace the pod, so that its trouble ends with it."""
    status = workload.get("status") or {}
    wanted = status.get("updateRevision")
    return bool(wanted) and (pod["metadata"].get("labels") or {}).get("controller-revision-hash") not in (None, wanted)


Counts = tuple[int, int, bool, bool]


def _of_replicas(resource: Object) -> Counts:
    status = resource.get("status") or {}
    wanted = resource["spec"].get("replicas", 1)
    counts = [status.get(key, 0) for key in ("replicas", "updatedReplicas", "readyReplicas")]
    # `updatedReplicas` counts the pods already updated; a StatefulSet counts differently when nothing is updated.
    is_done = _is_seen(resource) and all(count == wanted for count in counts)
    return min(status.get("readyReplicas", 0), wanted), wanted, is_done, False


def _of_daemons(resource: Object) -> Counts:
    status = resource.get("status") or {}
    wanted, ready = status.get("desiredNumberScheduled", 0), status.get("numberReady", 0)
    is_done = _is_seen(resource) and wanted == ready == status.get("updatedNumberScheduled", 0)
    return ready, wanted, is_done, False


def _of_job(resource: Object) -> Counts:
    wanted = resource["spec"].get("completions", 1) or 1
    status = resource.get("status") or {}
    done = {each["type"] for each in status.get("conditions", ()) if each["status"] == "True"}
    return status.get("succeeded", 0), wanted, "Complete" in done, "Failed" in done


def _is_seen(resource: Object) -> bool:
    """Whether the controller has observed the object's current generation."""
    return bool(
        (resource.get("status") or {}).get("observedGeneration", 0) >= resource["metadata"].get("generation", 1)
    )


_COUNTS: Mapping[str, Callable[[Object], Counts]] = {
    "Deployment": _of_replicas,
    "StatefulSet": _of_replicas,
    "DaemonSet": _of_daemons,
    "Job": _of_job,
}

_REFUSED = 20.0
"""Seconds in which a refusal may resolve itself: the service account or quota may have just been created."""
_PATIENT = 60.0
_AT_ONCE = 5.0
"""Seconds until a permanent failure is reported."""
_PATIENCE = {
    "InvalidImageName": _AT_ONCE,
    "ErrImageNeverPull": _AT_ONCE,
    "CreateContainerConfigError": 30.0,
    "CreateContainerError": 30.0,
    "RunContainerError": 30.0,
    "ErrImagePull": _PATIENT,
    "ImagePullBackOff": _PATIENT,
    "CrashLoopBackOff": _PATIENT,
}
_STARTING = frozenset(("", "PodInitializing", "ContainerCreating"))


def troubles(pod: Object, warned: Warned) -> Iterator[Trouble]:
    """What keeps the pod from running."""
    name = pod["metadata"]["name"]
    status = pod.get("status") or {}
    for condition in status.get("conditions", ()):
        if (
            condition["type"] == "PodScheduled"
            and condition["status"] == "False"
            and condition.get("reason") == "Unschedulable"
        ):
            message = str(condition.get("message", ""))
            trouble = Trouble(_UNSCHEDULED, message, name, passing=_passing(_UNSCHEDULED, message))
            yield from ([] if trouble.is_explained else _of_claims(pod, warned)) or [trouble]
            return
    containers = (*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ()))
    found = [trouble for one in containers for trouble in _of_container(one, name)]
    yield from found
    event = warned.get(("Pod", name))
    if event is not None and not found and all(_is_starting(one) for one in containers):
        reason, message = str(event.get("reason", "")), str(event.get("message", ""))
        yield Trouble(reason, message, name, passing=_passing(reason, message))


_BRIEFLY: Mapping[str, tuple[re.Pattern[str], float]] = {
    # A claim gets its volume a moment after the scheduler has first looked at the pod.
    _UNSCHEDULED: (re.compile(r"unbound immediate PersistentVolumeClaims"), 3.0),
    # A kubelet that has just been given the pod may not have its ConfigMaps and Secrets yet.
    "FailedMount": (re.compile(r"failed to sync (configmap|secret) cache"), 4.0),
    # The status of the container says it, too, in more detail.
    "Failed": (re.compile(""), 2.0),
}
"""Troubles that usually go away, by reason: the pattern of the message, and the seconds before they are reported."""


def _passing(reason: str, message: str) -> float:
    words, seconds = _BRIEFLY.get(reason, (None, 0.0))
    return seconds if words is not None and words.search(message) else 0.0


def _of_claims(pod: Object, warned: Warned) -> list[Trouble]:
    """Why claims of the pod have no volume yet: the provisioner's message, or that there is no provisioner."""
    volumes = pod["spec"].get("volumes") or ()
    claims = [str(one["persistentVolumeClaim"]["claimName"]) for one in volumes if "persistentVolumeClaim" in one]
    found = []
    for claim in claims:
        event = warned.get(("PersistentVolumeClaim", claim))
        if event is not None and event.get("reason") in _UNBOUND:
            message = str(event.get("message", ""))
            patience = _REFUSED if _NEVER.search(message) else _PATIENT
            found.append(
                Trouble(f"the claim {claim} does not get a volume", message, pod["metadata"]["name"], "", patience)
            )
    return found


_UNBOUND = ("ProvisioningFailed", "FailedBinding")
_NEVER = regex(r"access.?mode|ReadWrite|MULTI_NODE|no storage class is set|not found", re.IGNORECASE)
"""Messages of provisioners for which a retry does not help."""


def _is_starting(status: Mapping[str, Any]) -> bool:
    waiting = (status.get("state") or {}).get("waiting")
    return waiting is not None and waiting.get("reason", "") in _STARTING


def _of_container(status: Mapping[str, Any], pod: str) -> Iterator[Trouble]:
    state = status.get("state") or {}
    waiting = state.get("waiting") or {}
    reason = str(waiting.get("reason", ""))
    last = (status.get("lastState") or {}).get("terminated") or state.get("terminated") or {}
    if reason and reason not in _STARTING:
        has_output = reason == "CrashLoopBackOff"
        said = f"exit code {last['exitCode']}" if has_output and "exitCode" in last else str(waiting.get("message", ""))
        yield Trouble(reason, said, pod, status["name"], _PATIENCE.get(reason, _PATIENT), has_output)
    elif state.get("terminated") and last.get("exitCode"):
        yield Trouble("ended", f"exit code {last['exitCode']}", pod, status["name"], has_output=True)
