"""How an existing network differs from what is asked for. Pure; asked before a deployment.

An engine cannot change a network: one that differs is replaced (`agent/provision.py`), and one that the stack does not
own is refused. A label records what was asked for at creation; for networks of earlier versions, which lack it, the
engine's data is compared. Our own choices are no difference: a subnet that nobody asked for, a gate's addresses.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Network, ip_network

from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.serialize import decode, encode
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.engine.resources import NetworkInfo, Pool
from stackferry.emulator.webnet.address import POOLS, ipv4, network_of, planned
from stackferry.grammar.lazy_dataclass import dataclass

_OF_THE_STACK = frozenset((labels.NAMESPACE, labels.STACK, labels.NETWORK))
_ENGINES_OWN = frozenset(("com.docker.network.enable_ipv4", "com.docker.network.enable_ipv6"))
"""Options that newer engines add by themselves."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of the network, as it is called in the file, with its actual and its desired value."""

    key: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.key} ({self.old}, now {self.new})"


def recorded(spec: NetworkSpec) -> str:
    """The value of a network's label: what was asked for."""
    asked = encode(replace(spec, labels=_own(spec.labels)))
    return json.dumps({key: value for key, value in asked.items() if key not in ("key", "name")}, sort_keys=True)


def differences(spec: NetworkSpec, info: NetworkInfo) -> tuple[Difference, ...]:
    """What has to change in a stack's own network."""
    return tuple(_compared(_rows(_asked(spec, info)), _rows(spec)))


def unmet(spec: NetworkSpec, info: NetworkInfo) -> tuple[Difference, ...]:
    """The requests that a network of another owner does not meet; what the file leaves out is up to the owner."""
    said = dict(_rows(spec))
    plain = dict(_rows(NetworkSpec("", "")))
    there = dict(_rows(_told(spec, info)))
    if info.ipv4 is None:
        said.pop("enable_ipv4")
    if not spec.driver:
        said.pop("driver")
    asked = {key: value for key, value in said.items() if key == "driver" or value != plain.get(key, "none")}
    return tuple(_compared({key: there.get(key, "none") for key in asked}, asked))


def _compared(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for key in dict.fromkeys((*old, *new)):
        was, wanted = old.get(key, "none"), new.get(key, "none")
        if was != wanted:
            yield Difference(key, was, wanted)


def _rows(spec: NetworkSpec) -> dict[str, str]:
    """Every key of a network with its value as text; equal values have equal texts."""
    return {
        "driver": spec.driver or "bridge",
        **{f"driver_opts.{key}": value for key, value in spec.options.items()},
        "ipam.driver": spec.ipam_driver or "default",
        **{f"ipam.options.{key}": value for key, value in spec.ipam_options.items()},
        "ipam.config": "; ".join(map(_pool_text, spec.pools)) or "none",
        "internal": _yes(said=spec.internal),
        "enable_ipv4": _yes(said=spec.ipv4 is not False),
        "enable_ipv6": _yes(said=bool(spec.ipv6)),
        **{f"labels.{key}": value for key, value in _own(spec.labels).items()},
    }


def _yes(*, said: bool) -> str:
    return "true" if said else "false"


def _pool_text(pool: Pool) -> str:
    parts = [_subnet(pool.subnet)] if pool.subnet else []
    parts += [f"ip_range {_subnet(pool.ip_range)}"] if pool.ip_range else []
    parts += [f"gateway {pool.gateway}"] if pool.gateway else []
    parts += [f"{name} {address}" for name, address in sorted(pool.aux_addresses.items())]
    return " ".join(parts)


def _subnet(text: str) -> str:
    # The engine refuses invalid text in its own words.
    return str(network_of(text) or text)


def _own(found: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in found.items() if key not in _OF_THE_STACK}


def _asked(spec: NetworkSpec, info: NetworkInfo) -> NetworkSpec:
    """What was asked for when the network was created."""
    said = info.labels.get(labels.NETWORK)
    if said is None:
        return _told(spec, info)
    try:
        data = json.loads(said)
        made = decode(NetworkSpec, {**data, "key": spec.key, "name": spec.name})
    except (ValueError, TypeError, AttributeError):
        # Somebody wrote the label by hand.
        return _told(spec, info)
    assert isinstance(made, NetworkSpec)
    return made


def _told(spec: NetworkSpec, info: NetworkInfo) -> NetworkSpec:
    """The same from the engine's data, in the notation of `spec` where both mean the same."""
    as_asked = _is_as_asked(spec, info)
    return NetworkSpec(
        spec.key,
        spec.name,
        driver=info.driver,
        options={key: value for key, value in info.options.items() if key not in _ENGINES_OWN},
        ipam_driver=info.ipam_driver,
        ipam_options=dict(info.ipam_options),
        pools=spec.pools if as_asked else tuple(_pool(spec, info)),
        internal=info.internal,
        ipv4=spec.ipv4 if info.ipv4 is None else info.ipv4,
        ipv6=info.ipv6,
        labels=info.labels,
    )


def _pool(spec: NetworkSpec, info: NetworkInfo) -> Iterator[Pool]:
    """Its pools, without our share and the engine's default gateway, unless the file asks for these."""
    asked = {text for pool in spec.pools for text in (_subnet(pool.ip_range), pool.gateway) if text}
    for pool_info in info.pools:
        ip_range = (
            pool_info.ip_range if pool_info.ip_range != _half(pool_info.subnet) or pool_info.ip_range in asked else ""
        )
        gateway = (
            pool_info.gateway
            if not _is_first(pool_info.gateway, pool_info.subnet) or pool_info.gateway in asked
            else ""
        )
        yield Pool(pool_info.subnet, ip_range, gateway, pool_info.aux_addresses)


def _is_as_asked(spec: NetworkSpec, info: NetworkInfo) -> bool:
    """Whether its pools are those that would be created now; a network of another owner may have more."""
    there = {_subnet(one.subnet): one for one in info.pools}
    is_bridge = spec.driver in ("", "bridge")
    if not spec.pools and (spec.external or not is_bridge):
        return True
    first = next((found for text in info.subnets if (found := ipv4(text))), None)
    if first and not spec.external and not any(ipv4(one.subnet) for one in spec.pools) and _was_asked(first, info):
        return False
    wanted = planned(spec, first).pools if first and is_bridge and not spec.external else spec.pools
    asked = {_subnet(one.ip_range) for one in spec.pools if one.ip_range}
    return (spec.external or len(wanted) == len(there)) and all(
        _is_pool(one, there.get(_subnet(one.subnet)), asked, external=spec.external) for one in wanted
    )


def _was_asked(subnet: IPv4Network, info: NetworkInfo) -> bool:
    """Whether a user must have chosen this subnet: ours comes from our pools, and an engine reserves nothing for us."""
    return bool(info.ip_ranges) and not any(subnet.subnet_of(one) for one in POOLS)


def _is_pool(wanted: Pool, found: Pool | None, asked: Iterable[str], *, external: bool) -> bool:
    if found is None:
        return False
    ip_range, others = _subnet(wanted.ip_range), dict(wanted.aux_addresses)
    if ip_range != found.ip_range and (ip_range in asked or (found.ip_range and not external)):
        return False
    if wanted.gateway:
        if wanted.gateway != found.gateway.split("/")[0]:
            return False
    elif not external and not _is_first(found.gateway, wanted.subnet):
        return False
    return others.items() <= found.aux_addresses.items() if external else others == found.aux_addresses


def _is_first(gateway: str, subnet: str) -> bool:
    """Whether it is the gateway that an engine chooses by default."""
    found = ipv4(subnet) or ip_network(subnet or "::/0", strict=False)
    return gateway.split("/", maxsplit=1)[0] in ("", str(found.network_address + 1))


def _half(subnet: str) -> str:
    found = ipv4(subnet)
    return str(next(found.subnets(prefixlen_diff=1))) if found is not None and found.prefixlen < 32 else ""
