"""The observed facts about this computer, VirtualBox and minikube: the values on which checks decide.

`observe` collects them; nothing here does I/O. A missing fact says why (`Unknown`): the checks that need it then report
that they were not tried.
"""

from dataclasses import field
from ipaddress import IPv4Interface

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.minikube.doctor.facts.host import Host
from stackferry.translator.minikube.doctor.facts.minikube import Config, Minikube, Node
from stackferry.translator.minikube.doctor.facts.unknown import Fact, known
from stackferry.translator.minikube.doctor.facts.virtualbox import VirtualBox
from stackferry.translator.minikube.doctor.facts.wanted import Wanted
from stackferry.translator.minikube.drivers import VIRTUALBOX, Driver
from stackferry.translator.minikube.profile import Profile

_RANGE = "192.168.59.1/24"
"""Minikube's default: the address of the host in the host-only network, not that of the network."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts. `driver` is the driver to check; `is_named`: the user or the profile gave it.

    `node`: None if no node runs.
    """

    cluster: str = "minikube"
    driver: Driver = VIRTUALBOX
    is_named: bool = True
    wanted: Wanted = field(default_factory=Wanted)
    host: Host = field(default_factory=Host)
    virtualbox: VirtualBox = field(default_factory=VirtualBox)
    minikube: Minikube = field(default_factory=Minikube)
    node: Fact[Node | None] = None

    def profile(self) -> Profile | None:
        """The cluster's profile, None if it does not exist yet. Raises NotTriedError."""
        return next((one for one in known(self.minikube.profiles) if one.name == self.cluster), None)

    def config(self) -> Config:
        """The rest of the profile's settings. Raises NotTriedError."""
        return known(self.minikube.configs).get(self.cluster, Config())

    def host_address(self) -> str:
        """The host's address in the host-only network, with its prefix: as given, as recorded, or the default."""
        return self.wanted.host_only_cidr or self.config().host_only_cidr or _RANGE

    def host_only(self) -> IPv4Interface | None:
        """The same as an address with its network, None if it is invalid."""
        try:
            return IPv4Interface(self.host_address())
        except ValueError:
            return None

    @property
    def arguments(self) -> str:
        """The options of a minikube command line for this cluster: ` -p NAME`, or empty for its default."""
        return "" if self.cluster == "minikube" else f" -p {self.cluster}"
