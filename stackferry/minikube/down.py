"""`minikube down`: removes the stack from the cluster; keeps, stops or deletes its machine with all data."""

from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import StackferryError
from stackferry.minikube import machine, mounting, released

if TYPE_CHECKING:
    from stackferry.minikube.place import Place
    from stackferry.session import Session
    from stackferry.translator.cluster.client import KubernetesClient

_SYSTEM = frozenset(("kube-system", "kube-public", "kube-node-lease", "kubernetes-dashboard", "ingress-nginx"))
"""Namespaces of Kubernetes and of minikube's addons."""


def take_down(
    session: "Session",
    place: "Place",
    project: str,
    namespace: str,
    volumes: bool,
    then: str | None,
    patience: float,
) -> int:
    """Remove the stack, then keep (None), `stop` or `delete` the machine; returns the exit code."""
    from stackferry.kube.take_down import take_down as remove_stack

    if then == "delete" and not volumes:
        raise StackferryError(
            f"--machine delete would also delete the data of {project}", "add --volumes if that is what you want"
        )
    with place.alone() as programs:
        seen = place.look()
        if seen.profile is None:
            session.note(f"minikube cluster {place.name} not found")
            return 0
        if then == "stop" and not seen.status.is_serving:
            session.note(
                f"Stopping the machine of {place.name}; {project} stays on it, since its cluster is not running"
            )
            mounting.unmount_all(programs, place.mounts)
            machine.stop(place, programs)
            return 0
        client = place.running()
        if then == "delete":
            _refuse_others(place, client, namespace)
        left = released.volumes(client, project, namespace) if volumes and then != "delete" else ()
        code = remove_stack(session, client, project, namespace, volumes=volumes, patience=patience)
        released.remove_left(session, place, programs, client, left)
        mounting.unmount(session, programs, place.mounts, project)
        if then is not None:
            mounting.unmount_all(programs, place.mounts)
        if then == "delete":
            session.note(f"Deleting the machine of {place.name}")
            machine.remove(place, programs)
        elif then == "stop":
            session.note(f"Stopping the machine of {place.name}")
            machine.stop(place, programs)
        return code


def _refuse_others(place: "Place", client: "KubernetesClient", namespace: str) -> None:
    """Raise if anything else runs on the machine, and name it."""
    from stackferry.translator.cluster.resources import collection

    found = {
        one["metadata"]["namespace"]
        for kind in ("Pod", "PersistentVolumeClaim")
        for one in client.request("GET", collection(kind, None))["items"]
    }
    others = sorted(found - _SYSTEM - {namespace})
    if others:
        raise StackferryError(
            f"the machine of {place.name} is not deleted: it also runs {', '.join(others)}",
            f"take these down first, or delete the whole cluster: minikube delete -p {place.name}",
        )
