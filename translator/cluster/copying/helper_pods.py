"""Creates the pods that mount a claim while files are copied, waits until they run, and deletes them."""

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
"""Seconds to wait for a service's pod, to run on the same node. Without such a pod, any node will do."""
_GONE = 60.0


@dataclass(slots=True)
class HelperPods:
    """The helper pods of one stack. `patience`: seconds until one must run; the clock and the pause are arguments.

    `waiters` are the pods that wait for the copies, by claim name.
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
        """Delete pods that a killed run left behind, and wait until nothing runs in them any more."""
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
        """Create a pod for the copy, on the node where a service's pod has the claim or will have it."""
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
        """Wait until the pod runs. Raises ClusterError with the reason if it does not."""
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
        """Delete all pods that were created. An unreachable pod ends by itself, and the next run deletes it."""
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
