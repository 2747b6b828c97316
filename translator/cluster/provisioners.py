"""What storage can do, by who provides it: no API of Kubernetes says which access modes a class offers.

Those that are known to give a volume to one node at a time, in their documentation; of others nothing is said.
"""

from collections.abc import Iterable

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.held import Object

ONE_NODE = frozenset(
    (
        "cinder.csi.openstack.org",
        "csi.hetzner.cloud",
        "csi.trident.netapp.io/block",
        "dobs.csi.digitalocean.com",
        "disk.csi.azure.com",
        "ebs.csi.aws.com",
        "kubernetes.io/aws-ebs",
        "kubernetes.io/azure-disk",
        "kubernetes.io/cinder",
        "kubernetes.io/gce-pd",
        "linodebs.csi.linode.com",
        "local.csi.openebs.io",
        "openebs.io/local",
        "pd.csi.storage.gke.io",
        "rancher.io/local-path",
        "topolvm.io",
        "zfs.csi.openebs.io",
    )
)
"""Names of provisioners, as a StorageClass has them."""
_DEFAULT = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")


@dataclass(frozen=True, slots=True)
class StorageClass:
    """A class: its name, who provides it, whether claims without a class get it, and whether they may grow."""

    name: str
    provisioner: str
    is_default: bool
    grows: bool

    @property
    def is_of_one_node(self) -> bool:
        """Whether it is known to give a volume to one node at a time only."""
        return self.provisioner in ONE_NODE


def storage_classes(found: Iterable[Object]) -> list[StorageClass]:
    """What a list of StorageClasses says."""
    return [
        StorageClass(
            str(one["metadata"]["name"]),
            str(one.get("provisioner", "")),
            any((one["metadata"].get("annotations") or {}).get(key) == "true" for key in _DEFAULT),
            bool(one.get("allowVolumeExpansion")),
        )
        for one in found
    ]
