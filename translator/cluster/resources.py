"""The API paths of the kinds that a stack may have: group and version, plural, namespaced or not. Pure.

A table instead of the server's own list: a run asks for a few known kinds, and discovery would take longer than that.
"""

from urllib.parse import quote

from stackferry.translator.manifest.manifests import API

_PLURALS = {"NetworkPolicy": "networkpolicies", "Ingress": "ingresses", "StorageClass": "storageclasses"}
_OF_THE_CLUSTER = frozenset(("Namespace", "Node", "PersistentVolume", "StorageClass"))
VERSIONS = {
    **API,
    **dict.fromkeys(("Pod", "Node", "Event", "PersistentVolume", "ResourceQuota", "LimitRange"), "v1"),
    "StorageClass": "storage.k8s.io/v1",
}


def collection(kind: str, namespace: str | None) -> str:
    """The path of all objects of a kind; in a namespace, unless the kind is cluster-scoped."""
    version = VERSIONS[kind]
    root = f"/apis/{version}" if "/" in version else f"/api/{version}"
    plural = _PLURALS.get(kind, f"{kind.lower()}s")
    if kind in _OF_THE_CLUSTER or namespace is None:
        return f"{root}/{plural}"
    return f"{root}/namespaces/{quote(namespace, safe='')}/{plural}"


def path(kind: str, namespace: str | None, name: str) -> str:
    """The path of one object."""
    return f"{collection(kind, namespace)}/{quote(name, safe='')}"
