"""Makes the pods that have a claim while something is copied, waits until they run, and takes them away."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import field

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.client import Client
from stackferry.translator.cluster.copying.due import Due
from stackferry.translator.cluster.copying.helper_pod import CONTAINER, LABEL, Waiter, helper_pod, node_of
from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.exec import Container
from stackferry.translator.cluster.held import Object, listed
from stackferry.translator.cluster.readiness import troubles
from stackferry.translator.cluster.resources import collection, path

_LOOK = 0.2
_NODE = 10.0
"""Seconds for which the pod of a service is waited for, to be on the same node. Without one, any node will do."""
_GONE = 60.0


@dataclass(slots=True)
class HelperPods:
    """Those of one stack. `patience`: seconds until one must run; the clock and the pause are arguments.

    `waiters` are the pods that wait for the copies, by the names of the claims.
    """

    client: Client
    project: str
    namespace: str
    waiters: Mapping[str, Waiter]
    clock: Callable[[], float]
    pause: Callable[[float], None]
    patience: float
    _made: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Take away those that a killed run has left, and wait until nothing runs in them any more."""
        end = self.clock() + _GONE
        while left := [str(one["metadata"]["name"]) for one in self._pods() if LABEL in one["metadata"]["labels"]]:
            for name in left:
                self._remove(name)
            if self.clock() >= end:
                raise ClusterError(
                    f"Pod/{left[0]} of an earlier copy does not terminate",
                    "delete it with kubectl delete pod, which may say why",
                )
            self.pause(_LOOK)

    def make(self, due: Due) -> Container:
        """A pod for the copy, where a pod of a service has the claim, or will have."""
        node = self._node(due.copy.claim) if self.waiters[due.copy.claim].is_coming else None
        made: Object
        try:
            made = self._create(due, node, root=True)
        except ClusterError as error:
            if error.status != 403 or "PodSecurity" not in str(error):
                raise
            made = self._create(due, node, root=False)
        name = str(made["metadata"]["name"])
        self._made.append(name)
        return Container(self.namespace, name, CONTAINER)

    def await_start(self, where: Container, claim: str) -> None:
        """Wait until the pod runs. Raises ClusterError with what keeps it from that."""
        since: dict[str, float] = {}
        end = self.clock() + self.patience
        while True:
            pod = self.client.request("GET", path("Pod", self.namespace, where.pod), what=f"inspect Pod/{where.pod}")
            status = pod.get("status") or {}
            if status.get("phase") == "Running" and any(
                "running" in (one.get("state") or {}) for one in status.get("containerStatuses", ())
            ):
                return
            now = self.clock()
            found = [one for one in troubles(pod, {}) if now - since.setdefault(one.reason, now) >= one.patience]
            if found or status.get("phase") in ("Succeeded", "Failed") or now >= end:
                why = str(next(troubles(pod, {}), "")) or f"it is {status.get('phase', 'nowhere')}"
                raise ClusterError(
                    f"cannot copy into the claim {claim}: Pod/{where.pod} does not start: {why}",
                    f"check its image {self.waiters[claim].image}, or specify another one with --helper-image",
                )
            self.pause(_LOOK)

    def remove(self) -> None:
        """Take away all that were made. One that cannot be reached ends by itself, and goes in the next run."""
        while self._made:
            with contextlib.suppress(ClusterError):
                self._remove(self._made.pop())

    def _create(self, due: Due, node: str | None, *, root: bool) -> Object:
        copy = due.copy
        image = self.waiters[copy.claim].image
        body = helper_pod(copy.claim, self.project, image, node, copy.owner, root=root)
        what = f"create a pod that copies into the claim {copy.claim}"
        made: Object = self.client.request("POST", collection("Pod", self.namespace), body=body, what=what)
        return made

    def _node(self, claim: str) -> str | None:
        end = self.clock() + _NODE
        while (found := node_of(claim, self._pods())) is None and self.clock() < end:
            self.pause(_LOOK)
        return found

    def _pods(self) -> list[Object]:
        return listed(self.client, "Pod", self.project, self.namespace)

    def _remove(self, name: str) -> None:
        body = {"kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 1}
        try:
            self.client.request("DELETE", path("Pod", self.namespace, name), body=body, what=f"remove Pod/{name}")
        except ClusterError as error:
            if error.status != 404:
                raise
