"""The apply: server-side, by our field manager, what others refer to first. And the removal of what is left over."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import groupby

from stackferry.translator.cluster.client import APPLY, Client, together
from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.held import MANAGER, Object
from stackferry.translator.cluster.resources import path
from stackferry.translator.manifest.manifests import Manifest

Told = Callable[[Manifest, Object], None]
"""Called with each object and what the server made of it."""


def applied(client: Client, one: Manifest, namespace: str, *, dry_run: bool = False, force: bool = False) -> Object:
    """The object as the server has it after the apply. Raises ConflictError where somebody else has set its fields."""
    query = {"fieldManager": MANAGER, "force": "true" if force else "false", "fieldValidation": "Strict"}
    if dry_run:
        query["dryRun"] = "All"
    where = path(one.kind, one.namespace or namespace, one.name)
    after: Object = client.request("PATCH", where, body=one.body, form=APPLY, what=f"apply {one.id}", **query)
    return after


def apply(client: Client, objects: Iterable[Manifest], namespace: str, told: Told, *, force: bool = False) -> None:
    """Apply objects that come in the order of `ordered`; those of one kind at the same time.

    A node port may move from one Service to another: the one that gets it is refused until the other has let it go.
    """
    for _, alike in groupby(objects, lambda one: one.kind):
        kind = list(alike)
        answers = together([partial(_tried, client, one, namespace, force=force) for one in kind])
        for one, answer in zip(kind, answers, strict=True):
            told(one, answer or applied(client, one, namespace, force=force))


def _tried(client: Client, one: Manifest, namespace: str, *, force: bool) -> Object | None:
    """None if a port that it asks for belongs to another Service now."""
    try:
        return applied(client, one, namespace, force=force)
    except ClusterError as error:
        if one.kind == "Service" and _TAKEN in str(error):
            return None
        raise


_TAKEN = "provided port is already allocated"


def remove(client: Client, one: Manifest, namespace: str, uid: str | None = None) -> bool:
    """Delete an object, and what a controller made of it. False if it was gone already, or is another one now."""
    body: Object = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"}
    if uid:
        body["preconditions"] = {"uid": uid}
    try:
        client.request(
            "DELETE", path(one.kind, one.namespace or namespace, one.name), body=body, what=f"remove {one.id}"
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
    """Wait for the end of what was removed: of a claim it is that of the last pod which mounts it.

    Raises ClusterError for what is still there after `patience` seconds.
    """
    left, end = list(objects), clock() + patience
    while left := [one for one in left if _is_there(client, one, namespace)]:
        if clock() >= end:
            names = ", ".join(one.id for one in left)
            raise ClusterError(f"not gone within {patience:.0f} s: {names}", "say it again once it is")
        pause(_LOOK)


_LOOK = 0.5


def _is_there(client: Client, one: Manifest, namespace: str) -> bool:
    there = found(client, one, namespace)
    return there is not None and "deletionTimestamp" in there["metadata"]


def found(client: Client, one: Manifest, namespace: str) -> Object | None:
    """The object as the cluster has it, whoever has made it; None if it has none of that name."""
    where = path(one.kind, one.namespace or namespace, one.name)
    try:
        there: Object = client.request("GET", where, what=f"look at {one.id}")
    except ClusterError as error:
        if error.status == 404:
            return None
        raise
    return there
