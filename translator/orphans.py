"""Finds objects on the cluster that the stack no longer has: of earlier services, ports and contents.

This includes objects that no apply can change, and that the next apply recreates: Services that were headless and now
have an address, or the reverse; StatefulSets with other claims (the claims themselves, and the data, stay).

`kubectl apply` removes nothing by itself, and its `--prune` knows neither server-side apply nor which kinds must stay.
So `convert --orphans` reads the cluster's objects, as `kubectl get -o json` prints them, and gives those that may be
deleted.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stackferry.grammar.diagnostics import StackferryError
from stackferry.translator.manifest.labels import INSTANCE, belongs, of_project
from stackferry.translator.manifest.manifests import Body, Manifest, ordered
from stackferry.translator.options import Options
from stackferry.translator.translation import Translation

REMOVED = {
    "Deployment": "deploy",
    "StatefulSet": "sts",
    "DaemonSet": "ds",
    "Job": "job",
    "CronJob": "cronjob",
    "Service": "svc",
    "ConfigMap": "cm",
    "Secret": "secret",
    "Ingress": "ing",
    "NetworkPolicy": "netpol",
    "PodDisruptionBudget": "pdb",
    "ServiceAccount": "sa",
    "Role": "role",
    "RoleBinding": "rolebinding",
}
"""The kinds that every cluster knows and that hold no user data, by kubectl's short names."""
GATEWAY = {"Gateway": "gateways.gateway.networking.k8s.io", "HTTPRoute": "httproutes.gateway.networking.k8s.io"}
"""Kinds that a cluster may not know; if asked for an unknown kind, kubectl prints nothing at all."""
KEPT = {
    "PersistentVolumeClaim": "its data would be deleted too",
    "Namespace": "everything else in it would be deleted too",
}
"""Kinds that are never removed, and the reason."""


def query(project: str, options: Options) -> str:
    """The kubectl command that prints the input of `orphans`, for the stack called `project`."""
    asked = {**REMOVED, **GATEWAY} if options.publish == "gateway" else REMOVED
    instance = of_project(project)[INSTANCE]
    return f"kubectl get{options.in_namespace} {','.join(asked.values())} -l {INSTANCE}={instance} -o json"


def orphans(held: object, translation: Translation, namespace: str | None = None) -> tuple[Manifest, ...]:
    """The objects that the stack no longer has, by name only, referring objects first.

    `held` is the List of `query`. Objects without our labels, of another stack, of another namespace than `namespace`
    if that is given, and objects that a controller created are skipped. Raises StackferryError if it is not a List.
    """
    found = [bare(one) for one in _objects(held) if _is_orphan(one, translation, namespace)]
    return tuple(reversed(ordered(found)))


def _objects(held: object) -> Iterator[dict[str, Any]]:
    items = held.get("items") if isinstance(held, dict) else None
    if not isinstance(items, list) or not all(isinstance(one, dict) and "metadata" in one for one in items):
        raise StackferryError("not a list of objects", "pipe the output of `kubectl get … -o json` into it")
    yield from items


def _is_orphan(body: dict[str, Any], translation: Translation, namespace: str | None) -> bool:
    metadata = body["metadata"]
    return (
        body.get("kind") in {**REMOVED, **GATEWAY}
        and belongs(metadata.get("labels"), translation.project.name)
        and not metadata.get("ownerReferences")
        and namespace in (None, metadata.get("namespace"))
        and _is_wanted_otherwise(body, translation.index.get(f"{body['kind']}/{metadata['name']}"))
    )


def _is_wanted_otherwise(body: dict[str, Any], wanted: Manifest | None) -> bool:
    """Whether the stack does not have the object, or has it with a change that no apply can make."""
    if wanted is None:
        return True
    fixed = _FIXED.get(body["kind"])
    return fixed is not None and fixed(body.get("spec") or {}) != fixed(wanted.body["spec"])


def _claims(spec: Body) -> list[tuple[Body, str]]:
    claims = spec.get("volumeClaimTemplates") or ()
    heads = ({key: one["metadata"].get(key) for key in ("name", "labels")} for one in claims)
    return [(head, one["spec"]["resources"]["requests"]["storage"]) for head, one in zip(heads, claims, strict=True)]


_FIXED: Mapping[str, Callable[[Body], object]] = {
    "Service": lambda spec: spec.get("clusterIP") == "None",
    "StatefulSet": _claims,
}
"""By kind, the part of the spec that no apply changes: the server refuses, or ignores it (a headless Service)."""


def bare(document: dict[str, Any]) -> Manifest:
    """An object of a cluster by name only: enough to delete it."""
    metadata = {key: document["metadata"][key] for key in ("name", "namespace") if key in document["metadata"]}
    body = {"apiVersion": document["apiVersion"], "kind": document["kind"], "metadata": metadata}
    return Manifest(document["kind"], metadata["name"], metadata.get("namespace"), body)
