"""`kube down`: removes a stack from a cluster. Claims, and with them the namespace, stay without `--volumes`."""

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
    """Remove the stack and wait until it is gone; returns the exit code."""
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
            # The pod of a killed copy into a claim, which no controller owns.
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
        # Nothing can be brought up in the namespace until it is gone.
        await_gone(client, [bare(there.namespace)], namespace, patience, time.monotonic, time.sleep)
    return 0


def _others(client: "KubernetesClient", namespace: str) -> list[str]:
    """Foreign workloads and data in the namespace, once the stack's objects are gone."""
    from stackferry.translator.cluster.resources import collection

    found = ((kind, client.request("GET", collection(kind, namespace))["items"]) for kind in (CLAIM, "Pod"))
    return [f"{kind}/{one['metadata']['name']}" for kind, items in found for one in items if _stays(one)]


def _stays(resource: "Object") -> bool:
    return "deletionTimestamp" not in resource["metadata"]


def _goes(resource: "Object") -> bool:
    """Whether to remove an object: what a controller made goes with its owner; claims of a StatefulSet have none."""
    return not resource["metadata"].get("ownerReferences")


def _await_end(client: "KubernetesClient", project: str, namespace: str, ids: frozenset[str], patience: float) -> None:
    """Poll until the objects are gone, each time only the kinds of which objects were left."""
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
        # Pods take longest, and a controller may still create one.
        kinds = {"Pod", *(one["kind"] for one in left)}
        time.sleep(_LOOK)
