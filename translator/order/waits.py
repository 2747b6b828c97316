"""The init containers that wait, one per awaited service: `wait-db`.

`kubectl get pods` counts them (`Init:0/2`), `kubectl logs POD -c wait-db` says what is missing.
"""

from collections.abc import Mapping

from stackferry.grammar.compose.model.attachments import COMPLETED, HEALTHY
from stackferry.translator.health.health_checks import is_checked
from stackferry.translator.manifest.escape import literal
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.order import scripts
from stackferry.translator.order.dependencies import Wait
from stackferry.translator.order.verdicts import LONGEST
from stackferry.translator.pod.helper import helper_container
from stackferry.translator.services.ports import Listening
from stackferry.translator.services.readiness import tcp_ports
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.mounts import PodVolumes

MOST_PORTS = 10
"""The most ports that are tried: one answer is enough."""
PATIENCE = 30
"""Seconds for a port of a pod that is ready by its probe: the probe has the last word."""
_TOKEN_LIFE = 3600


def to_waits(
    waits: tuple[Wait, ...],
    ports: Mapping[str, tuple[Listening, ...]],
    jobs: Mapping[str, str],
    volumes: PodVolumes,
    stack: Stack,
) -> list[Body]:
    """The init containers of one pod. `jobs` are the names of the Jobs that run services, by service."""
    return [_wait(wait, ports, jobs, volumes, stack) for wait in waits]


def _wait(
    wait: Wait,
    ports: Mapping[str, tuple[Listening, ...]],
    jobs: Mapping[str, str],
    volumes: PodVolumes,
    stack: Stack,
) -> Body:
    service, naming = wait.service, stack.naming
    name, image = naming.waits[service.name], stack.options.helper_image
    if wait.condition == COMPLETED:
        return wait_for_job(name, jobs[service.name], volumes, stack, required=wait.required)
    if wait.condition == HEALTHY:
        variables = {"SERVICE": naming.ready[service.name]}
        if not wait.required:
            variables["LIMIT"] = str(LONGEST)
        known = tcp_ports(ports.get(service.name, ()))[:MOST_PORTS]
        if not known:
            return helper_container(name, scripts.READY, image, env=variables)
        variables["PORTS"] = " ".join(map(str, known))
        variables["PATIENCE"] = str(PATIENCE if is_checked(service, stack.host) else LONGEST)
        return helper_container(name, scripts.ANSWERS, image, env=variables)
    return helper_container(name, scripts.STARTED, image, env={"SERVICE": stack.name(stack.owner(service))})


def wait_for_job(name: str, job: str, volumes: PodVolumes, stack: Stack, *, required: bool = True) -> Body:
    """The init container called `name` that waits for a Job to be complete."""
    variables = {"JOB": job, "ROLE": stack.naming.waiter}
    if not required:
        variables["OPTIONAL"] = "yes"
    mount: Body = {"name": volumes.name("api-access", _ACCESS), "mountPath": scripts.ACCOUNT, "readOnly": True}
    return helper_container(name, scripts.COMPLETED, stack.options.helper_image, env=variables, mounts=[mount])


def asks_for_a_job(container: Body) -> bool:
    """Whether an init container waits for a Job, and so needs an account."""
    return awaited(container)[0] == "Job"


def awaited(container: Body) -> tuple[str, str]:
    """The kind and name that an init container of ours waits for; empty if it does not wait."""
    if container.get("command", [""])[-1] not in _OURS:
        return "", ""
    said = {entry["name"]: entry["value"] for entry in container["env"]}
    return ("Job", said["JOB"]) if "JOB" in said else ("Service", said["SERVICE"])


_OURS = frozenset(map(literal, (scripts.STARTED, scripts.READY, scripts.ANSWERS, scripts.COMPLETED)))
_NAMESPACE: Body = {"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}
_ACCESS: Body = {
    "projected": {
        "defaultMode": 0o644,
        "sources": [
            {"serviceAccountToken": {"path": "token", "expirationSeconds": _TOKEN_LIFE}},
            {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            {"downwardAPI": {"items": [_NAMESPACE]}},
        ],
    }
}
"""The token volume with which a pod talks to the API server, as Kubernetes mounts it unless told not to.

Its defaults are written out: otherwise `kubectl apply` would see a difference, and report the pod's workload as
configured each time.
"""
