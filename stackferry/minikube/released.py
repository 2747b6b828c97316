"""Removes what minikube's provisioner leaves behind of deleted claims: the volume, and its folder on the node."""

import shlex
import time
from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import StackferryError
from stackferry.translator.minikube.released import Volume, volumes_of

if TYPE_CHECKING:
    from stackferry.minikube.place import Place
    from stackferry.session import Session
    from stackferry.translator.cluster.client import KubernetesClient
    from stackferry.translator.minikube.programs import Programs

_KIND = "PersistentVolume"
_PATIENCE = 10.0
"""Seconds that the provisioner gets to remove them itself."""
_LOOK = 0.5
_ASK = 120.0


def volumes(client: "KubernetesClient", project: str, namespace: str) -> tuple[Volume, ...]:
    """The volumes to remove with a stack's claims; call this before the claims are deleted."""
    from stackferry.translator.cluster.held import listed
    from stackferry.translator.cluster.resources import collection

    claims = {one["metadata"]["uid"] for one in listed(client, "PersistentVolumeClaim", project, namespace)}
    every = client.request("GET", collection(_KIND, None))["items"] if claims else ()
    return tuple(volumes_of(claims, every))


def remove_left(
    session: "Session", place: "Place", programs: "Programs", client: "KubernetesClient", gone: tuple[Volume, ...]
) -> None:
    """Remove the volumes that outlive their claims for a while. Raises StackferryError if data would stay."""
    from stackferry.translator.cluster.apply import remove
    from stackferry.translator.manifest.manifests import Manifest

    for volume in _still_there(client, gone):
        session.note(f"Removing {_KIND}/{volume.name} and its data, which its provisioner left behind")
        words = ["minikube", "ssh", "-p", place.name, "--", f"sudo rm -rf -- {shlex.quote(volume.path)}"]
        answer = programs.run(words, patience=_ASK)
        if answer.code:
            raise StackferryError(
                f"{volume.path} on the node of {place.name} cannot be removed: {answer.err.strip()}",
                "a new claim with the same name would start with the old data",
            )
        remove(client, Manifest(_KIND, volume.name, None, {}), "")


def _still_there(client: "KubernetesClient", gone: tuple[Volume, ...]) -> list[Volume]:
    from stackferry.translator.cluster.resources import collection

    end = time.monotonic() + _PATIENCE
    left = list(gone)
    while left:
        names = {one["metadata"]["name"] for one in client.request("GET", collection(_KIND, None))["items"]}
        left = [one for one in left if one.name in names]
        if time.monotonic() >= end:
            break
        time.sleep(_LOOK if left else 0)
    return left
