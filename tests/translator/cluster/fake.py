"""A cluster in memory: stores applied objects, lists them by kind and label, and removes deleted ones."""

import re
from collections.abc import Callable
from typing import Any

from stackferry.translator.cluster.errors import refusal
from stackferry.translator.cluster.resources import collection
from stackferry.translator.manifest.manifests import API

KINDS = [*API, "Pod", "Node", "Event", "PersistentVolume"]
Object = dict[str, Any]


class FakeCluster:
    """`objects` by path. `refuse` gets method and path, and may say (status, reason, message)."""

    context, namespace, server = "fake", "default", "https://fake:6443"

    def __init__(self, refuse: Callable[[str, str], tuple[int, str, str] | None] = lambda *_: None) -> None:
        self.objects: dict[str, Object] = {}
        self.refuse = refuse
        self.version = 0
        self.asked: list[str] = []
        self.logs = ""

    def request(self, method: str, path: str, *, body: Any = None, form: str = "", what: str = "", **query: str) -> Any:
        self.asked.append(f"{method} {path}")
        refused = self.refuse(method, path)
        if refused is not None:
            status, reason, message = refused
            raise refusal(what, status, {"reason": reason, "message": message})
        if path.endswith("/log"):
            return self.logs
        if method == "PATCH":
            return self._applied(path, body, dry_run="dryRun" in query)
        if method == "DELETE":
            self._found(path, what)
            return self.objects.pop(path)
        if path.rsplit("/", 1)[1] in _PLURALS:
            return {"items": [one for one in self._below(path) if _matches(one, query.get("labelSelector", ""))]}
        found = self._found(path, what)
        return {key: value for key, value in found.items() if key != "applied"}

    def put(self, kind: str, name: str, namespace: str | None = "shop", **rest: Any) -> Object:
        """An object that somebody else has made."""
        metadata = {"name": name, "uid": name, **rest.pop("metadata", {})}
        made = {"apiVersion": API.get(kind, "v1"), "kind": kind, "metadata": metadata, **rest}
        self.objects[f"{collection(kind, namespace)}/{name}"] = made
        return made

    def ids(self) -> list[str]:
        return sorted(f"{one['kind']}/{one['metadata']['name']}" for one in self.objects.values())

    def _applied(self, path: str, body: Object, *, dry_run: bool) -> Object:
        before = self.objects.get(path)
        same = before is not None and before["applied"] == body
        self.version += not same and not dry_run
        after = {
            **(before or {}),
            **body,
            "metadata": {
                **body["metadata"],
                "uid": path,
                "resourceVersion": before["metadata"]["resourceVersion"] if before and same else str(self.version),
                "managedFields": [{"manager": "stackferry", "operation": "Apply"}],
            },
            "applied": body,
        }
        if not dry_run:
            self.objects[path] = after
        return {key: value for key, value in after.items() if key != "applied"}

    def _below(self, path: str) -> list[Object]:
        found = [one for where, one in self.objects.items() if path in _collections(where)]
        hidden = ("kind", "apiVersion", "applied")
        return [{key: value for key, value in one.items() if key not in hidden} for one in found]

    def _found(self, path: str, what: str) -> Object:
        if path not in self.objects:
            raise refusal(what, 404, {"reason": "NotFound", "message": "not found"})
        return {key: value for key, value in self.objects[path].items() if key != "applied"}


_PLURALS = {collection(kind, None).rpartition("/")[2] for kind in KINDS}


def _collections(path: str) -> tuple[str, str]:
    """Those in which an object is listed: its namespace's, and the whole cluster's."""
    own = path.rpartition("/")[0]
    return own, re.sub("/namespaces/[^/]+(?=/)", "", own)


def _matches(body: Object, selector: str) -> bool:
    labels = body["metadata"].get("labels") or {}
    pairs = [pair.partition("=")[::2] for pair in selector.split(",") if pair]
    return all(labels.get(key) == value for key, value in pairs)
