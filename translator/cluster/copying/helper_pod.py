"""The pod that mounts a claim while files are copied into it: created for one copy, and deleted afterwards.

It needs neither the services' images nor any right on the cluster except to run pods. It ends by itself if nobody
deletes it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.copying.scripts import IDLE
from stackferry.translator.cluster.held import Object
from stackferry.translator.cluster.readiness import WORKLOADS
from stackferry.translator.image_facts.identity import Identity
from stackferry.translator.manifest.escape import literal
from stackferry.translator.manifest.labels import of_project
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.pod.helper import ROOT, helper_container
from stackferry.translator.volumes.filling.scripts import AWAIT_COPY, CLAIM

CONTAINER = "copy"
LABEL = "stackferry/copies-into"
"""Label of the pod: the name of the claim."""
_NOBODY = 65534


def helper_pod(claim: str, project: str, image: str, node: str | None, owner: Identity | None, *, root: bool) -> Object:
    """The pod for `claim`, on `node` if given: a claim that a pod there uses may be available on that node only.

    As root it sets the owners of files; in a namespace that refuses root, the pod runs as their `owner`.
    """
    who = owner if owner is not None and not owner.is_root else Identity(_NOBODY, _NOBODY, "")
    container = helper_container(
        CONTAINER, IDLE, image, mounts=[{"name": "claim", "mountPath": CLAIM}], user=ROOT if root else who.user
    )
    security: dict[str, Any] = {"seccompProfile": {"type": "RuntimeDefault"}}
    if not root:
        security |= {"runAsNonRoot": True, "fsGroup": who.group, "fsGroupChangePolicy": "OnRootMismatch"}
    spec: dict[str, Any] = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 1,
        "securityContext": security,
        "containers": [container],
        "volumes": [{"name": "claim", "persistentVolumeClaim": {"claimName": claim}}],
    }
    if node is not None:
        field = {"key": "metadata.name", "operator": "In", "values": [node]}
        required = {"nodeSelectorTerms": [{"matchFields": [field]}]}
        spec["affinity"] = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}
        # This pod may run wherever the service's pod may.
        spec["tolerations"] = [{"operator": "Exists"}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"generateName": f"copy-{claim[:40]}-", "labels": {**of_project(project), LABEL: claim}},
        "spec": spec,
    }


@dataclass(frozen=True, slots=True)
class Waiter:
    """Pods that wait for a copy: the image of their waiting container, and whether they start as soon as applied."""

    image: str
    is_coming: bool


def waiters(objects: Iterable[Manifest]) -> Mapping[str, Waiter]:
    """The pods that wait for each claim, by the claim's name. Their image is on the cluster already."""
    found: dict[str, Waiter] = {}
    for resource in objects:
        spec = resource.body.get("spec") or {}
        template = (spec["jobTemplate"]["spec"] if resource.kind == "CronJob" else spec).get("template")
        is_coming = resource.kind in WORKLOADS and bool(spec.get("replicas", 1))
        for container in template["spec"].get("initContainers", ()) if template else ():
            claim = _awaited(container)
            if claim is not None and not (claim in found and found[claim].is_coming):
                found[claim] = Waiter(container["image"], is_coming)
    return found


def _awaited(container: Mapping[str, Any]) -> str | None:
    command = container.get("command", ())
    return str(command[-1]) if literal(AWAIT_COPY) in command[2:3] else None


def node_of(claim: str, pods: Iterable[Object]) -> str | None:
    """The node on which a pod that has not ended mounts the claim; None if there is none yet."""
    for pod in pods:
        has_ended = (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")
        node = pod["spec"].get("nodeName")
        if node and not has_ended and LABEL not in (pod["metadata"].get("labels") or {}) and _mounts(pod, claim):
            return str(node)
    return None


def _mounts(pod: Object, claim: str) -> bool:
    volumes = pod["spec"].get("volumes") or ()
    return any((one.get("persistentVolumeClaim") or {}).get("claimName") == claim for one in volumes)
