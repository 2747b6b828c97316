"""Networks and volumes as an engine reports them: values of `protocol.py`'s methods."""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Pool:
    """One address pool of a network, in the engine's terms: as requested, or as reported.

    A reported pool always has a `gateway`; some engines append the subnet's prefix length to it.
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
    """A network. `ip_ranges` are the parts of the subnets that the engine assigns from, if requested.

    `legs` are the names of connected containers, including some that are gone: an engine may lose track of an endpoint.
    Lists of networks lack them. `ipv4` is None if the engine (before 28) does not support networks without IPv4.
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
