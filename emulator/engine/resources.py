"""Networks and volumes as an engine tells of them: values that `protocol.py` gives."""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool of a network's addresses, in the engine's terms: asked for, or as it tells of one.

    What it tells has a `gateway` also where nobody asked for one, by some engines with the length of its subnet.
    """

    subnet: str = ""
    ip_range: str = ""
    gateway: str = ""
    aux_addresses: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        """One entry of `IPAM.Config` in the body of POST /networks/create."""
        rows = (
            ("Subnet", self.subnet),
            ("IPRange", self.ip_range),
            ("Gateway", self.gateway),
            ("AuxiliaryAddresses", dict(self.aux_addresses)),
        )
        return {key: value for key, value in rows if value}


@dataclass(frozen=True, slots=True)
class NetworkInfo:
    """A network. `ip_ranges` are the parts of the subnets that the engine hands out of, where that was asked.

    `legs` are the names of containers in it, also of some that are gone: an engine may lose track of a leg. Lists
    of networks leave them out. `ipv4` is None where an engine (before 28) does not know networks without.
    """

    id: str
    name: str
    driver: str
    labels: Mapping[str, str]
    subnets: tuple[str, ...] = ()
    ip_ranges: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    internal: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    scope: str = "local"
    legs: tuple[str, ...] = ()
    pools: tuple[Pool, ...] = ()
    ipam_driver: str = "default"
    ipam_options: Mapping[str, str] = field(default_factory=dict)
    ipv4: bool | None = None
    ipv6: bool = False
    attachable: bool = False


@dataclass(frozen=True, slots=True)
class VolumeInfo:
    """A named volume."""

    name: str
    driver: str
    labels: Mapping[str, str]
    options: Mapping[str, str] = field(default_factory=dict)
    mountpoint: str = ""
