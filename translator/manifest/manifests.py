"""Manifests: the value that holds one Kubernetes object, the order of objects, and their text.

Last step of a translation: the same input gives the same bytes, on any machine.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.manifest import yaml_writer as yaml_text
from stackferry.translator.manifest.escape import clean, clean_refused

Body = dict[str, Any]
"""A Kubernetes object or a part of one: plain dicts, lists and scalars, as the API takes them."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object of the cluster; `body` is complete; `namespace` None means the caller's."""

    kind: str
    name: str
    namespace: str | None
    body: Body

    @property
    def id(self) -> str:
        """The object's name for kubectl, kind first: `Deployment/web`."""
        return f"{self.kind}/{self.name}"


API = {
    "Namespace": "v1",
    "ServiceAccount": "v1",
    "Role": "rbac.authorization.k8s.io/v1",
    "RoleBinding": "rbac.authorization.k8s.io/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "ConfigMap": "v1",
    "Secret": "v1",
    "PersistentVolumeClaim": "v1",
    "Service": "v1",
    "Gateway": "gateway.networking.k8s.io/v1",
    "HTTPRoute": "gateway.networking.k8s.io/v1",
    "Ingress": "networking.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "DaemonSet": "apps/v1",
    "StatefulSet": "apps/v1",
    "Deployment": "apps/v1",
}
"""API version of every kind that we write, in the order in which a cluster should get them."""

_RANK = {kind: rank for rank, kind in enumerate(API)}


def manifest(
    kind: str,
    name: str,
    namespace: str | None,
    labels: Mapping[str, str],
    rest: Body,
    annotations: Mapping[str, str] | None = None,
) -> Manifest:
    """An object with the usual metadata; `rest` are the fields after the metadata."""
    metadata: Body = {"name": name}
    if namespace is not None:
        metadata["namespace"] = namespace
    metadata["labels"] = dict(labels)
    if annotations:
        metadata["annotations"] = dict(annotations)
    return Manifest(kind, name, namespace, {"apiVersion": API[kind], "kind": kind, "metadata": metadata, **rest})


def ordered(manifests: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """Sorted by kind, referenced objects first, then by name."""
    return tuple(sorted(manifests, key=lambda one: (_RANK[one.kind], one.name)))


def render_yaml(manifests: Iterable[Manifest]) -> str:
    """One YAML stream that `kubectl apply -f -` takes."""
    return "".join(yaml_pieces(manifests))


def yaml_pieces(manifests: Iterable[Manifest]) -> Iterator[str]:
    """The same stream in a piece per object: the text of a large stack takes as much memory as all its objects."""
    for number, document in enumerate(manifests):
        text = clean(_yaml(document.body))
        yield f"---\n{text}" if number else text


_PERHAPS_REFUSED = regex(r"\\x[789]|\\ufff[ef]")


def _yaml(body: Body) -> str:
    """The document. The server refuses some characters even when the writer escapes them: they are replaced first."""
    text = yaml_text.dump(body)
    return yaml_text.dump(_cleaned(body)) if _PERHAPS_REFUSED.search(text) else text


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_cleaned(child) for child in value]
    return clean_refused(value) if isinstance(value, str) else value


def render_json(manifests: Iterable[Manifest]) -> str:
    """One JSON document: a v1 List, since JSON has no streams."""
    document = {"apiVersion": "v1", "kind": "List", "items": [one.body for one in manifests]}
    return clean(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"
