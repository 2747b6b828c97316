"""What a cluster tells the current user: read-only. Facts that the user may not read are None, never guessed."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import partial
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.client import Client, together
from stackferry.translator.cluster.doctor.rights import Need, Right, is_granted, needs
from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.held import Object
from stackferry.translator.cluster.provisioners import StorageClass, storage_classes
from stackferry.translator.cluster.readiness import WORKLOADS
from stackferry.translator.cluster.resources import collection, path
from stackferry.translator.manifest.manifests import Manifest

_REVIEWS = "/apis/authorization.k8s.io/v1"


@dataclass(frozen=True, slots=True)
class Asking:
    """What a cluster is asked about: a stack's objects (empty if there is no stack here), and their namespace."""

    project: str
    namespace: str
    objects: tuple[Manifest, ...] = ()
    copies: bool = False
    builds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """The answers. `labels` are the namespace's; None if it may not be read. `is_there`: whether the namespace exists.

    `refused` are the workloads of the stack whose pods the server would refuse, by id, with the server's message.
    """

    version: str
    is_there: bool | None
    labels: Mapping[str, str] | None
    missing: tuple[Need, ...] = ()
    classes: tuple[StorageClass, ...] | None = None
    nodes: tuple[Object, ...] | None = None
    quotas: tuple[Object, ...] | None = None
    limits: tuple[Object, ...] | None = None
    policies: tuple[Object, ...] | None = None
    refused: Mapping[str, str] = field(default_factory=dict)


def gather(client: Client, asking: Asking) -> Facts:
    """Ask the cluster. Raises ClusterError if no server answers, or it does not accept the login."""
    version = client.request("GET", "/version", what="ask for the version")
    place = asking.namespace
    is_there, labels = _namespace(client, place)
    wanted = needs(asking.objects, place, copies=asking.copies, is_there=is_there)
    kinds = ("StorageClass", "Node", "ResourceQuota", "LimitRange", "NetworkPolicy")
    missing, refused, *lists = together(
        [
            partial(_missing, client, wanted, place),
            partial(_refused, client, asking, is_there=is_there),
            *(partial(_listed, client, kind, place) for kind in kinds),
        ]
    )
    classes, nodes, quotas, limits, policies = lists
    return Facts(
        str(version.get("gitVersion", "")),
        is_there,
        labels,
        missing,
        None if classes is None else tuple(storage_classes(classes)),
        nodes,
        quotas,
        limits,
        policies,
        refused,
    )


def _namespace(client: Client, name: str) -> tuple[bool | None, Mapping[str, str] | None]:
    try:
        found = client.request("GET", path("Namespace", None, name), what=f"read the namespace {name}")
    except ClusterError as error:
        if error.status not in (403, 404):
            raise
        return (False if error.status == 404 else None), None
    return True, found["metadata"].get("labels") or {}


def _listed(client: Client, kind: str, namespace: str) -> tuple[Object, ...] | None:
    try:
        return tuple(client.request("GET", collection(kind, namespace), what=f"list {kind}")["items"])
    except ClusterError as error:
        if error.status not in (403, 404):
            raise
        return None


def _missing(client: Client, wanted: Iterable[Need], namespace: str) -> tuple[Need, ...]:
    """The needs that are not met."""
    rules = _rules(client, namespace)
    doubtful = [one for one in wanted if not is_granted(one.right, rules)]
    answers = together([partial(_may, client, one.right) for one in doubtful])
    return tuple(one for one, allowed in zip(doubtful, answers, strict=True) if not allowed)


def _rules(client: Client, namespace: str) -> list[Mapping[str, Any]]:
    body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": namespace}}
    answer = client.request("POST", f"{_REVIEWS}/selfsubjectrulesreviews", body=body, what="check permissions")
    found: list[Mapping[str, Any]] = answer["status"].get("resourceRules") or []
    return found


def _may(client: Client, right: Right) -> bool:
    spec = {"resourceAttributes": right.attributes}
    body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": spec}
    answer = client.request(
        "POST", f"{_REVIEWS}/selfsubjectaccessreviews", body=body, what=f"check permission to {right}"
    )
    return bool(answer["status"].get("allowed"))


def _refused(client: Client, asking: Asking, *, is_there: bool | None) -> Mapping[str, str]:
    """Send a pod of each workload as a dry run, so that the server checks the pod without creating it."""
    if is_there is False:
        return {}
    workloads = [one for one in asking.objects if one.kind in WORKLOADS]
    answers = together([partial(_tried, client, one, asking.namespace) for one in workloads])
    return {one.id: answer for one, answer in zip(workloads, answers, strict=True) if answer}


def _tried(client: Client, workload: Manifest, namespace: str) -> str:
    """Why the server would refuse a pod of the workload; empty if it would accept it or we may not create pods."""
    template = workload.body["spec"]["template"]
    # The ServiceAccount is created with the stack; its absence now is no reason to refuse a pod.
    spec = {key: value for key, value in template["spec"].items() if key != "serviceAccountName"}
    if spec.get("restartPolicy") is None:
        spec["restartPolicy"] = "Always"
    metadata = {**template.get("metadata", {}), "generateName": "stackferry-trial-"}
    body = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}
    try:
        client.request("POST", collection("Pod", namespace), body=body, what="", dryRun="All")
    except ClusterError as error:
        may_not = "cannot create resource" in str(error)
        return "" if may_not or error.status not in (400, 403, 422) else _words(str(error))
    return ""


def _words(text: str) -> str:
    """The reason alone, without the text before it: the name of a pod that never existed."""
    return text.removeprefix(": ").partition(" is forbidden: ")[2] or text.removeprefix(": ")
