"""`kube down`: remove what a stack has on a cluster. Claims stay unless they are named, and the namespace with them."""

import time
from functools import partial
from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import StackferryError

if TYPE_CHECKING:
    from stackferry.session import Session
    from stackferry.translator.cluster.client import KubernetesClient
    from stackferry.translator.cluster.held import Object

CLAIM = "PersistentVolumeClaim"
_LOOK = 0.5


def take_down(
    session: "Session", client: "KubernetesClient", project: str, namespace: str, *, volumes: bool, patience: float
) -> int:
    """Remove it and wait until it is gone. The exit code."""
    from stackferry.translator.cluster.apply import await_gone, remove
    from stackferry.translator.cluster.copying.helper_pod import LABEL
    from stackferry.translator.cluster.held import held, id_of, listed
    from stackferry.translator.manifest.manifests import ordered
    from stackferry.translator.orphans import bare

    there = held(client, project, namespace)
    kept = [] if volumes else there.of(CLAIM)
    gone = [bare(one) for one in there.objects.values() if one not in kept and _goes(one)]
    for resource in reversed(ordered(gone)):
        session.note(f"Removing {resource.id}")
        remove(client, resource, namespace, there.objects[resource.id]["metadata"].get("uid"))
    for pod in listed(client, "Pod", project, namespace):
        if LABEL in pod["metadata"]["labels"]:
            # Of a copy into a claim that was killed: no controller knows of it.
            remove(client, bare(pod), namespace)
    if not gone and there.namespace is None:
        session.note(f"nothing of {project} is in namespace {namespace} of context {client.context}")
        return 0
    _await_end(client, project, namespace, frozenset(one.id for one in gone), patience)
    for claim in kept:
        session.note(f"{id_of(claim)} is kept, with its data: remove it with --volumes")
    if not kept and there.namespace and there.owns_namespace(project):
        others = _others(client, namespace)
        if others:
            session.note(f"Namespace/{namespace} is kept: it also contains {', '.join(others[:5])}")
            return 0
        session.note(f"Removing Namespace/{namespace}")
        remove(client, bare(there.namespace), namespace)
        # Until it is gone, nothing can be brought up in it.
        await_gone(client, [bare(there.namespace)], namespace, patience, time.monotonic, time.sleep)
    return 0


def _others(client: "KubernetesClient", namespace: str) -> list[str]:
    """What runs or is kept in the namespace by anybody else, once everything of the stack is gone."""
    from stackferry.translator.cluster.resources import collection

    found = ((kind, client.request("GET", collection(kind, namespace))["items"]) for kind in (CLAIM, "Pod"))
    return [f"{kind}/{one['metadata']['name']}" for kind, items in found for one in items if _stays(one)]


def _stays(resource: "Object") -> bool:
    return "deletionTimestamp" not in resource["metadata"]


def _goes(resource: "Object") -> bool:
    """What a controller made goes with its owner; the claims of a StatefulSet have none."""
    return not resource["metadata"].get("ownerReferences")


def _await_end(client: "KubernetesClient", project: str, namespace: str, ids: frozenset[str], patience: float) -> None:
    """Look again and again, at no more kinds than something was left of at the last look."""
    from stackferry.translator.cluster.client import together
    from stackferry.translator.cluster.held import id_of, listed

    end = time.monotonic() + patience
    kinds = {"Pod", *(one.partition("/")[0] for one in ids)}
    while True:
        answers = together([partial(listed, client, kind, project, namespace) for kind in sorted(kinds)])
        left = [one for each in answers for one in each if one["kind"] == "Pod" or id_of(one) in ids]
        if not left:
            return
        if time.monotonic() >= end:
            names = ", ".join(map(id_of, left[:5]))
            raise StackferryError(f"not deleted within {patience:.0f} s: {names}", "the cluster continues the deletion")
        # Pods last longest, and a controller may still make one.
        kinds = {"Pod", *(one["kind"] for one in left)}
        time.sleep(_LOOK)
