"""A stack's objects on a cluster: every object with the stack's labels, by kind and name."""

from collections.abc import Mapping
from dataclasses import field
from functools import partial
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.client import Client, together
from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.resources import VERSIONS, collection, path
from stackferry.translator.manifest.labels import OWNED, belongs, of_project
from stackferry.translator.orphans import GATEWAY, KEPT, REMOVED

MANAGER = "stackferry"
"""The field manager of every apply."""
Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """The objects of a stack in its namespace, by `Kind/name`, and the namespace itself.

    `namespace` is None if there is none, empty if it may not be read. `unseen` are kinds that may not be listed.
    """

    objects: Mapping[str, Object] = field(default_factory=dict)
    namespace: Object | None = None
    unseen: tuple[str, ...] = ()

    def owns_namespace(self, project: str) -> bool:
        """Whether the stack created its namespace; otherwise another stack or a person did, and may use it, too."""
        return belongs((self.namespace or {}).get("metadata", {}).get("labels"), project)

    def of(self, *kinds: str) -> list[Object]:
        """The objects of some kinds."""
        return [one for one in self.objects.values() if one["kind"] in kinds]


def held(client: Client, project: str, namespace: str) -> Held:
    """List every kind that a stack may have; a kind that the cluster does not know has no objects."""
    kinds = [*REMOVED, *GATEWAY, *(kind for kind in KEPT if kind != "Namespace")]
    answers = together(
        [
            partial(_namespace, client, namespace),
            *(partial(_of_kind, client, kind, project, namespace) for kind in kinds),
        ]
    )
    known = list(zip(kinds, answers[1:], strict=True))
    found = {id_of(one): one for _, answer in known for one in answer or ()}
    return Held(found, answers[0], tuple(kind for kind, answer in known if answer is None))


def selector(project: str) -> str:
    """The label selector for all objects of a stack."""
    labels = of_project(project)
    return ",".join(f"{key}={labels[key]}" for key in OWNED)


def id_of(resource: Object) -> str:
    """`Kind/name`, as for a manifest."""
    return f"{resource['kind']}/{resource['metadata']['name']}"


def listed(client: Client, kind: str, project: str, namespace: str) -> list[Object]:
    """The stack's objects of a kind, each with the kind and version that a list leaves out."""
    where, what = collection(kind, namespace), f"list {kind} in {namespace}"
    found = client.request("GET", where, what=what, labelSelector=selector(project))
    return [{"apiVersion": VERSIONS[kind], "kind": kind, **one} for one in found["items"]]


def is_ours(resource: Object) -> bool:
    """Whether an apply of ours created the object, and no controller did."""
    managers = resource["metadata"].get("managedFields") or ()
    applied = any(each.get("manager") == MANAGER and each.get("operation") == "Apply" for each in managers)
    return applied and not resource["metadata"].get("ownerReferences")


def _namespace(client: Client, name: str) -> Object | None:
    try:
        found: Object = client.request("GET", path("Namespace", None, name), what=f"read the namespace {name}")
    except ClusterError as error:
        if error.status == 403:
            # Somebody who may not read the namespace may still have rights in it.
            return {}
        if error.status == 404:
            return None
        raise
    return found


def _of_kind(client: Client, kind: str, project: str, namespace: str) -> list[Object] | None:
    """None if the kind may not be listed: somebody with the role `edit` may not list roles."""
    try:
        return listed(client, kind, project, namespace)
    except ClusterError as error:
        if error.status not in (403, 404):
            raise
        return None if error.status == 403 and kind not in GATEWAY else []
