"""Server-side apply with our field manager, in order of reference; and the removal of objects that are left over."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import groupby

from stackferry.translator.cluster.client import APPLY, Client, together
from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.held import MANAGER, Object
from stackferry.translator.cluster.resources import path
from stackferry.translator.manifest.manifests import Manifest

Told = Callable[[Manifest, Object], None]
"""Called with each object and the server's version of it."""


def applied(
    client: Client, manifest: Manifest, namespace: str, *, dry_run: bool = False, force: bool = False
) -> Object:
    """The object as the server has it after the apply. Raises ConflictError if another manager owns its fields."""
    query = {"fieldManager": MANAGER, "force": "true" if force else "false", "fieldValidation": "Strict"}
    if dry_run:
        query["dryRun"] = "All"
    where = path(manifest.kind, manifest.namespace or namespace, manifest.name)
    after: Object = client.request("PATCH", where, body=manifest.body, form=APPLY, what=f"apply {manifest.id}", **query)
    return after


def apply(client: Client, objects: Iterable[Manifest], namespace: str, told: Told, *, force: bool = False) -> None:
    """Apply objects that are in the order of `ordered`; those of one kind are applied concurrently.

    A node port may move from one Service to another: the server refuses the new Service until the old one releases it.
    """
    for _, alike in groupby(objects, lambda one: one.kind):
        kind = list(alike)
        answers = together([partial(_tried, client, one, namespace, force=force) for one in kind])
        for manifest, answer in zip(kind, answers, strict=True):
            told(manifest, answer or applied(client, manifest, namespace, force=force))


def _tried(client: Client, manifest: Manifest, namespace: str, *, force: bool) -> Object | None:
    """The applied object; None if a port that it asks for still belongs to another Service."""
    try:
        return applied(client, manifest, namespace, force=force)
    except ClusterError as error:
        if manifest.kind == "Service" and _TAKEN in str(error):
            return None
        raise


_TAKEN = "provided port is already allocated"


def remove(client: Client, manifest: Manifest, namespace: str, uid: str | None = None) -> bool:
    """Delete an object and its dependents. False if it was gone already, or has another uid by now."""
    body: Object = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"}
    if uid:
        body["preconditions"] = {"uid": uid}
    try:
        client.request(
            "DELETE",
            path(manifest.kind, manifest.namespace or namespace, manifest.name),
            body=body,
            what=f"remove {manifest.id}",
        )
    except ClusterError as error:
        if error.status == 404 or (error.status == 409 and uid):
            return False
        raise
    return True


def await_gone(
    client: Client,
    objects: Iterable[Manifest],
    namespace: str,
    patience: float,
    clock: Callable[[], float],
    pause: Callable[[float], None],
) -> None:
    """Wait until removed objects are gone: a claim goes only with the last pod that mounts it.

    Raises ClusterError for objects that still exist after `patience` seconds.
    """
    left, end = list(objects), clock() + patience
    while left := [one for one in left if _is_there(client, one, namespace)]:
        if clock() >= end:
            names = ", ".join(one.id for one in left)
            raise ClusterError(
                f"not deleted within {patience:.0f} s: {names}", "run the command again once it is deleted"
            )
        pause(_LOOK)


_LOOK = 0.5


def _is_there(client: Client, manifest: Manifest, namespace: str) -> bool:
    there = found(client, manifest, namespace)
    return there is not None and "deletionTimestamp" in there["metadata"]


def found(client: Client, manifest: Manifest, namespace: str) -> Object | None:
    """The object as the cluster has it, whoever created it; None if there is none of that name."""
    where = path(manifest.kind, manifest.namespace or namespace, manifest.name)
    try:
        there: Object = client.request("GET", where, what=f"look at {manifest.id}")
    except ClusterError as error:
        if error.status == 404:
            return None
        raise
    return there
