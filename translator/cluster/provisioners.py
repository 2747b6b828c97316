"""What storage can do, by its provisioner: no API of Kubernetes says which access modes a storage class offers.

Lists provisioners that are documented to attach a volume to one node at a time; nothing is said about others.
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
"""Names of provisioners, as in a StorageClass."""
_DEFAULT = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")


@dataclass(frozen=True, slots=True)
class StorageClass:
    """A class: its name, its provisioner, whether it is the default class, and whether its claims may grow."""

    name: str
    provisioner: str
    is_default: bool
    grows: bool

    @property
    def is_of_one_node(self) -> bool:
        """Whether its volumes are known to attach to one node at a time only."""
        return self.provisioner in ONE_NODE


def storage_classes(found: Iterable[Object]) -> list[StorageClass]:
    """The classes in a list of StorageClasses."""
    return [
        StorageClass(
            str(one["metadata"]["name"]),
            str(one.get("provisioner", "")),
            any((one["metadata"].get("annotations") or {}).get(key) == "true" for key in _DEFAULT),
            bool(one.get("allowVolumeExpansion")),
        )
        for one in found
    ]
