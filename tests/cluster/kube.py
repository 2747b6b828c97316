"""Helpers with which tests talk to a cluster, each in its own namespace, and wait for its reactions."""

import json
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml

from tests.cluster.server import Object, Server
from tests.cluster.session import Cluster

T = TypeVar("T")

PATIENCE = 180.0
"""Seconds for what takes a few on an idle machine."""

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")
_APIS = {
    **dict.fromkeys((*WORKLOADS, "ReplicaSet"), "apps/v1"),
    **dict.fromkeys(("Job", "CronJob"), "batch/v1"),
    **dict.fromkeys(("Ingress", "NetworkPolicy"), "networking.k8s.io/v1"),
    **dict.fromkeys(("Role", "RoleBinding"), "rbac.authorization.k8s.io/v1"),
    "HTTPRoute": "gateway.networking.k8s.io/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "PodDisruptionBudget": "policy/v1",
    "EndpointSlice": "discovery.k8s.io/v1",
}
ALL_KINDS = (
    *("Service", "ConfigMap", "Secret", "PersistentVolumeClaim", "ServiceAccount", "Role", "RoleBinding"),
    *("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Ingress", "NetworkPolicy", "HTTPRoute"),
    *("HorizontalPodAutoscaler", "PodDisruptionBudget"),
)
"""Every kind that we might write, in a namespace."""


def wait_until(condition: Callable[[], T], what: str = "the condition", timeout: float = PATIENCE) -> T:
    """The first truthy answer of `condition`; a failed assertion or request in it counts as not yet."""
    end, last = time.monotonic() + timeout, ""
    while True:
        try:
            found = condition()
            if found:
                return found
            last = repr(found)
        except (AssertionError, LookupError, OSError) as error:
            last = str(error)
        assert time.monotonic() < end, f"not within {timeout:.0f} s: {what} (last: {last[:500]})"
        time.sleep(0.2)


def stays(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether `condition` holds all the time for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not condition():
            return False
        time.sleep(0.2)
    return True


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Kube:
    """One namespace of a cluster."""

    cluster: Cluster
    server: Server
    namespace: str

    def kubectl(self, *words: str, stdin: str | None = None, timeout: float = PATIENCE) -> Said:
        command = [str(self.cluster.kubectl), "--kubeconfig", str(self.cluster.kubeconfig), "-n", self.namespace]
        done = subprocess.run(
            [*command, *words], input=stdin, capture_output=True, text=True, timeout=timeout, check=False
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def apply(self, manifests: str, server_side: bool = True, *words: str) -> Said:
        """`kubectl apply`, which must succeed."""
        how = ("--server-side", "--force-conflicts") if server_side else ()
        done = self.kubectl("apply", *how, *words, "-f", "-", stdin=manifests)
        assert done.code == 0, f"kubectl apply {' '.join(how)}: {done.err.strip()}"
        return done

    def get(self, kind: str, name: str) -> Object | None:
        return self.server.get(self._named(kind, name), self.namespace)

    def each(self, kind: str, selector: str = "") -> list[Object]:
        version = _APIS.get(kind, "v1")
        plural, _ = self.server.kinds(version)[kind]
        query = {"labelSelector": selector} if selector else {}
        path = f"{self.server.root(version)}/namespaces/{self.namespace}/{plural}"
        items = self.server.request("GET", path, **query).body.get("items", [])
        return [{"apiVersion": version, "kind": kind, **one} for one in items]

    def everything(self, selector: str) -> list[Object]:
        """Every object of ours with these labels; one whose end is decided is not counted."""
        found = (one for kind in ALL_KINDS for one in self.each(kind, selector))
        return [one for one in found if "deletionTimestamp" not in one["metadata"]]

    def pods(self, service: str) -> list[Object]:
        """The pods of a service of the stack; those that end are not counted."""
        found = self.each("Pod", f"app.kubernetes.io/name={service}")
        return [one for one in found if "deletionTimestamp" not in one["metadata"]]

    def pod(self, service: str) -> str:
        """The name of a ready pod of the service, awaited."""
        return wait_until(lambda: self.ready(service), f"a ready pod of {service}")[0]

    def ready(self, service: str) -> list[str]:
        """The names of the pods that are ready now."""
        return [_name(one) for one in self.pods(service) if is_ready(one)]

    def exec_in(self, pod: str, *argv: str, timeout: float = 60) -> Said:
        try:
            return self.kubectl("exec", pod, "--", *argv, timeout=timeout)
        except subprocess.TimeoutExpired:
            return Said(-1, "", f"no end within {timeout:.0f} s")

    def shell(self, service: str, script: str, timeout: float = 60) -> Said:
        """A script in a pod of the service that is ready now; raises `LookupError` if none is."""
        ready = self.ready(service)
        if not ready:
            raise LookupError(f"no pod of {service} is ready")
        return self.exec_in(ready[0], "sh", "-c", script, timeout=timeout)

    def logs(self, service: str, container: str = "") -> str:
        """What all pods of the service have printed, those that ended as well."""
        found = []
        for pod in self.each("Pod", f"app.kubernetes.io/name={service}"):
            path = f"/api/v1/namespaces/{self.namespace}/pods/{_name(pod)}/log"
            first = container or pod["spec"]["containers"][0]["name"]
            answer = self.server.request("GET", path, container=first)
            found.append(answer.body.get("text", ""))
        return "".join(found)

    def restarts(self, service: str) -> int:
        """How often containers of the service were started again, those of init containers not counted."""
        pods = self.each("Pod", f"app.kubernetes.io/name={service}")
        return sum(one["restartCount"] for pod in pods for one in pod["status"].get("containerStatuses", ()))

    def rollout(self, timeout: float = PATIENCE) -> None:
        """Await that every workload is rolled out and every Job complete."""
        wait_until(lambda: not self.unfinished(), "the rollout", timeout)

    def unfinished(self) -> list[str]:
        """What is not rolled out or complete now."""
        found = [one for kind in WORKLOADS for one in self.each(kind) if not _is_rolled_out(one)]
        return [*map(_id, found), *(_id(one) for one in self.each("Job") if not condition(one, "Complete"))]

    def delete_pods(self, service: str) -> None:
        """End the pods, as an eviction or a lost node does."""
        for pod in self.pods(service):
            self.server.delete(pod, self.namespace)

    def delete_namespace(self) -> None:
        """Its end is not awaited, and its pods get no time."""
        for pod in self.each("Pod"):
            path = self.server.path(pod, self.namespace)
            self.server.request("DELETE", path, gracePeriodSeconds="0")
        self.server.request("DELETE", f"/api/v1/namespaces/{self.namespace}")

    def told(self) -> str:
        """The pods and the newest events, for whoever reads a failed test."""
        pods = self.kubectl("get", "pods", "-o", "wide").out
        events = self.kubectl("get", "events", "--sort-by=.lastTimestamp", "--no-headers").out
        return pods + "\n".join(events.splitlines()[-15:])

    def _named(self, kind: str, name: str) -> Object:
        return {"apiVersion": _APIS.get(kind, "v1"), "kind": kind, "metadata": {"name": name}}


def objects(manifests: str) -> list[Object]:
    """The documents of a YAML stream."""
    return [one for one in yaml.load_all(manifests, Loader=yaml.CSafeLoader) if one]


def text(bodies: Iterable[Object]) -> str:
    """Manifests for kubectl; JSON is YAML."""
    return "\n---\n".join(json.dumps(one) for one in bodies)


def condition(body: Object, name: str) -> bool:
    return any(one["type"] == name and one["status"] == "True" for one in body["status"].get("conditions", ()))


def is_ready(pod: Object) -> bool:
    return condition(pod, "Ready")


def _name(body: Object) -> str:
    return str(body["metadata"]["name"])


def _id(body: Object) -> str:
    return f"{body['kind']}/{_name(body)}"


def _is_rolled_out(body: Object) -> bool:
    status: dict[str, Any] = body.get("status", {})
    if status.get("observedGeneration") != body["metadata"]["generation"]:
        return False
    if body["kind"] == "DaemonSet":
        wanted, new, ready = "desiredNumberScheduled", "updatedNumberScheduled", "numberReady"
        return bool(status[wanted] == status.get(new, 0) == status.get(ready, 0))
    wanted = body["spec"].get("replicas", 1)
    counts = {status.get(name, 0) for name in ("replicas", "updatedReplicas", "readyReplicas")}
    return counts == {wanted}
