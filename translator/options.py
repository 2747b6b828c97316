"""The options of a translation; each has a default."""

from typing import Literal

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.notes import Origin, nowhere

HELPER_IMAGE = "curlimages/curl:8.16.0"
"""The image of init containers that wait and fill claims: a shell, the usual small tools, curl for TLS."""
NODE_PORTS = range(30000, 32768)
"""The range of node ports of a cluster that does not widen it."""
VERSIONS = range(30, 38)
"""The minor versions of Kubernetes 1.x that manifests can target; tests have the published schemas of each."""

CopyUp = Literal["known", "always", "never"]
Publish = Literal["nodeport", "loadbalancer", "gateway", "ingress"]


@dataclass(frozen=True, slots=True)
class Share:
    """A folder of this machine that the node sees as well, live: its path here, and its path on the node."""

    host: str
    guest: str


@dataclass(frozen=True, slots=True)
class NodeFolders:
    """The folders of this machine that the node has or can have, so that a pod mounts them and nothing is copied.

    `shares` exist already. Below `mounts`, a folder of the node, whoever applies the manifests mounts each folder that
    no share contains; None: nobody does. `why_none` completes "because" where there is no share.
    """

    shares: tuple[Share, ...] = ()
    mounts: str | None = None
    why_none: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """`namespace`: put every object there, and create it. `volume_size`: request of every claim.

    The size is a Kubernetes quantity; compose volumes have none, and minikube does not enforce it.

    `wait`: translate `depends_on` to init containers. `helper_image`: the image of those, and of those that fill
    claims. `copy_up`: which volumes begin with the image's files: for images known to need them, all, none. `publish`:
    how published ports are reached; `node_ports` is the range that the cluster allows. `gateway_class` is the
    GatewayClass of the stack's Gateway, `ingress_class` that of Ingresses, None for the cluster's default.
    `network_policies`: keep networks apart. `unsafe_sysctls`: write sysctls that a kubelet allows only by its
    configuration. `node_roles`: whether nodes have role labels, so that constraints on the role can be required.
    `kubernetes` is the minor version of 1.x that the manifests are for. `copies`: whoever applies the manifests also
    copies files into claims (`Translation.copies`), and pods wait for that. `node`: the node's folders.

    `origin`: where values were written, which tells the variables of env files from those of `environment`.
    """

    namespace: str | None = None
    volume_size: str = "1Gi"
    origin: Origin = nowhere
    wait: bool = True
    helper_image: str = HELPER_IMAGE
    copy_up: CopyUp = "known"
    publish: Publish = "nodeport"
    node_ports: range = NODE_PORTS
    gateway_class: str = "default"
    ingress_class: str | None = None
    network_policies: bool = False
    unsafe_sysctls: bool = False
    node_roles: bool = False
    kubernetes: int = 34
    copies: bool = False
    node: NodeFolders = NodeFolders()

    @property
    def in_namespace(self) -> str:
        """The kubectl option that selects the namespace: ` -n shop`, or empty."""
        return f" -n {self.namespace}" if self.namespace else ""
