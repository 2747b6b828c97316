"""Volumes that minikube's provisioner leaves behind when their claims are removed. Pure.

It takes a new identity at every start of the cluster and ignores volumes of an earlier one; and since their folders are
named after namespace and claim, the next claim of that name would begin with the old data (minikube,
`pkg/storage/storage_provisioner.go`).
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
    """The volumes of claims, by the claims' uids, that minikube created and that are deleted with their claims."""
    for volume in volumes:
        spec, annotations = volume["spec"], volume["metadata"].get("annotations") or {}
        path = str((spec.get("hostPath") or {}).get("path", ""))
        is_ours = (spec.get("claimRef") or {}).get("uid") in claims
        is_minikubes = annotations.get(_BY, annotations.get("hostPathProvisionerIdentity") and _PROVISIONER)
        if not is_ours or is_minikubes != _PROVISIONER or spec.get("persistentVolumeReclaimPolicy") != "Delete":
            continue
        # Nothing but a folder in that place is ever removed, whatever else the volume says.
        below = path.removeprefix(_ROOT)
        if path.startswith(_ROOT) and below.strip("/") and ".." not in below.split("/"):
            yield Volume(volume["metadata"]["name"], path)
