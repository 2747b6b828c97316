"""Volumes that minikube's provisioner leaves behind when their claims are removed. Pure.

It takes a new identity at every start of the cluster and ignores volumes of an earlier one; and since their folders are
called by namespace and claim, the next claim of that name would begin with the old data
(minikube, `pkg/storage/storage_provisioner.go`).
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass

_ROOT = "/tmp/hostpath-provisioner/"  # noqa: S108 - of the node, where minikube keeps all claims
_PROVISIONER = "k8s.io/minikube-hostpath"
_BY = "pv.kubernetes.io/provisioned-by"


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume of the cluster, and its folder on the node."""

    name: str
    path: str


def volumes_of(claims: Collection[str], volumes: Iterable[dict[str, Any]]) -> Iterator[Volume]:
    """The volumes of claims, by their uids, that are to go with them and that minikube has made."""
    for volume in volumes:
        spec, annotations = volume["spec"], volume["metadata"].get("annotations") or {}
        path = str((spec.get("hostPath") or {}).get("path", ""))
        is_ours = (spec.get("claimRef") or {}).get("uid") in claims
        is_minikubes = annotations.get(_BY, annotations.get("hostPathProvisionerIdentity") and _PROVISIONER)
        if not is_ours or is_minikubes != _PROVISIONER or spec.get("persistentVolumeReclaimPolicy") != "Delete":
            continue
        # Whatever it says elsewhere, nothing but a folder of that place is ever removed.
        below = path.removeprefix(_ROOT)
        if path.startswith(_ROOT) and below.strip("/") and ".." not in below.split("/"):
            yield Volume(volume["metadata"]["name"], path)
