"""Checks the host-only network between this computer and the machine: its range, its adapters, and conflicts."""

from collections import defaultdict
from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv4Network

from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.unknown import Unknown, known
from stackferry.translator.minikube.doctor.facts.virtualbox import Adapter
from stackferry.translator.minikube.doctor.finding import Check, Ending, Finding, fail, ok, warn
from stackferry.translator.minikube.drivers import WINDOWS

ALLOWED = IPv4Network("192.168.56.0/21")
"""The range that VirtualBox allows for host-only adapters unless /etc/vbox/networks.conf says otherwise."""
_LIMITED = (6, 1, 28)
"""The first VirtualBox with this restriction."""
_RULES = "/etc/vbox/networks.conf"


def address(facts: Facts) -> Finding | None:
    """Minikube requires the host's address, not the network's."""
    if facts.virtualbox.program is None:
        return None
    given, found = facts.host_address(), facts.host_only()
    if found is None:
        said = f"{given} is not an address with a prefix length"
        return fail(said, "write it like --host-only-cidr=192.168.59.1/24", Ending(80, "GUEST_PROVISION"))
    if found.ip == found.network.network_address:
        example = f"{found.network.network_address + 1}/{found.network.prefixlen}"
        return fail(
            f"{given} is the address of a network; specify the host's own address in it",
            f"--host-only-cidr={example}",
            Ending(80, "GUEST_PROVISION"),
        )
    return ok(f"the host is {found.ip} in {found.network}")


def allowed(facts: Facts) -> Finding | None:
    """VirtualBox refuses ranges that are not allowed; an existing adapter stays."""
    wanted = facts.host_only()
    if facts.virtualbox.program is None or wanted is None or facts.host.system == WINDOWS:
        return None
    version = known(facts.virtualbox.version).numbers
    if version and version < _LIMITED:
        return None
    if _adapter(facts, wanted):
        return ok(f"an adapter with {wanted} exists")
    rules = known(facts.host.network_rules)
    ranges = [ALLOWED] if rules is None else list(_ranges(rules))
    if any(wanted.network.subnet_of(one) for one in ranges):
        return ok(f"VirtualBox is allowed to use {wanted.network}")
    said = ", ".join(map(str, ranges)) or "no range at all"
    return fail(
        f"VirtualBox may not use {wanted.network}: {_RULES if rules is not None else 'its default'} allows {said},"
        " so it fails with E_ACCESSDENIED",
        f"as root: add the line `* {wanted.network}` to {_RULES}{_others(facts)}",
        Ending(80, "GUEST_PROVISION"),
    )


def _ranges(text: str) -> Iterator[IPv4Network]:
    """The ranges in lines `* RANGE RANGE`."""
    for line in text.splitlines():
        mark, *words = line.split() or [""]
        if mark == "*":
            for word in words:
                try:
                    yield IPv4Network(word, strict=False)
                except ValueError:
                    # An IPv6 range.
                    continue


def same_address(facts: Facts) -> Finding | None:
    """Minikube refuses to choose between two adapters with the same address."""
    if facts.virtualbox.program is None:
        return None
    there = known(facts.virtualbox.adapters)
    by_address: dict[str, list[str]] = defaultdict(list)
    for adapter in there:
        if adapter.address:
            by_address[adapter.address].append(adapter.name)
    for where, names in by_address.items():
        if len(names) > 1:
            return fail(
                f"{' and '.join(names)} both have {where}",
                f"remove the one that no machine uses: VBoxManage hostonlyif remove {names[-1]}",
                Ending(71, "IF_VBOX_SAME_IP"),
            )
    return ok(f"host-only adapters: {', '.join(f'{one.name} {one.address}' for one in there) or 'none yet'}")


def leftovers(facts: Facts) -> Finding | None:
    """A start that fails to configure its adapter leaves the adapter behind, every time."""
    if facts.virtualbox.program is None:
        return None
    there, used, wanted = known(facts.virtualbox.adapters), known(facts.virtualbox.used), facts.host_only()
    left = [one.name for one in there if one.name not in used and (wanted is None or one.interface != wanted)]
    networks = {one.network for one in there}
    of_adapters = (one for one in known(facts.virtualbox.servers) if one.startswith("HostInterface"))
    servers = [one for one in of_adapters if one not in networks]
    note = f"; DHCP servers of adapters that are gone: {len(servers)} (minikube removes them)" if servers else ""
    if left:
        return warn(
            f"no machine uses {', '.join(left)}: possibly left over from failed starts{note}",
            "; ".join(f"VBoxManage hostonlyif remove {one}" for one in left),
        )
    return ok(f"no adapter is left over{note}")


def taken(facts: Facts) -> Finding | None:
    """The network is taken by another interface, which minikube refuses, or by a route that wins over the adapter's."""
    wanted = facts.host_only()
    if facts.virtualbox.program is None or wanted is None:
        return None
    ours = {one.interface for one in known(facts.virtualbox.adapters)}
    names = {one.name for one in known(facts.virtualbox.adapters)}
    for interface in known(facts.host.interfaces):
        if not interface.is_up or interface.is_loopback or ours.intersection(interface.addresses):
            continue
        if any(each.network.network_address == wanted.network.network_address for each in interface.addresses):
            stale = f", or if it is stale, as root: ip link del {interface.name}"
            return fail(
                f"{interface.name} of this host is already in {wanted.network}, the range for the machine",
                f"--host-only-cidr={_free(facts)}{stale}",
                Ending(71, "IF_HOST_CIDR_CONFLICT"),
            )
    for route in known(facts.host.routes):
        narrow = route.network.prefixlen >= wanted.network.prefixlen
        if narrow and route.network.overlaps(wanted.network) and route.device not in names | _holders(facts, ours):
            return fail(
                (
                    f"packets to {route.network} are routed to {route.device}, probably by a VPN, instead"
                    " of to the machine"
                ),
                f"disconnect the VPN, or use --host-only-cidr={_free(facts)}",
            )
    return ok(f"{wanted.network} is not used otherwise")


def _holders(facts: Facts, ours: set[IPv4Interface | None]) -> set[str]:
    """The interfaces of this host that are VirtualBox's adapters, whatever their names."""
    return {one.name for one in known(facts.host.interfaces) if ours.intersection(one.addresses)}


def _adapter(facts: Facts, wanted: IPv4Interface) -> Adapter | None:
    return next((one for one in known(facts.virtualbox.adapters) if one.interface == wanted), None)


def _free(facts: Facts) -> str:
    """An address in a range that VirtualBox may use, and that is free as far as known."""
    interfaces, routes = facts.host.interfaces, facts.host.routes
    busy = [] if isinstance(interfaces, Unknown) else [each.network for one in interfaces for each in one.addresses]
    busy += [] if isinstance(routes, Unknown) else [one.network for one in routes]
    there = facts.virtualbox.adapters
    busy += [] if isinstance(there, Unknown) else [one.interface.network for one in there if one.interface]
    free = next((one for one in ALLOWED.subnets(new_prefix=24) if not any(map(one.overlaps, busy))), None)
    return f"{free.network_address + 1}/24" if free else "ADDRESS/PREFIX of a free range"


def _others(facts: Facts) -> str:
    return f", or use --host-only-cidr={_free(facts)}" if known(facts.host.network_rules) is None else ""


CHECKS = (
    Check(
        "host-only-cidr",
        address,
        "`--host-only-cidr` is the address of a network, or not an address.",
        "Specify the host's own address in the network: `192.168.59.1/24`.",
        virtualbox=True,
    ),
    Check(
        "host-only-range",
        allowed,
        "VirtualBox (6.1.28 and later) does not allow this range for host-only adapters: `E_ACCESSDENIED`.",
        "Use a range in 192.168.56.0/21, or add a line `* RANGE` to `/etc/vbox/networks.conf`.",
        virtualbox=True,
    ),
    Check(
        "host-only-same-address",
        same_address,
        "Two host-only adapters have the same address.",
        "Remove the one that no machine uses: `VBoxManage hostonlyif remove`.",
        virtualbox=True,
    ),
    Check(
        "host-only-leftovers",
        leftovers,
        "Host-only adapters that no machine uses: each start that fails to set the address leaves another one.",
        "Remove each: `VBoxManage hostonlyif remove`.",
        virtualbox=True,
    ),
    Check(
        "range-taken",
        taken,
        "An interface of this host already uses the range, or a VPN has a route to it.",
        "Use another `--host-only-cidr` (the hint suggests a free one), or remove a stale bridge.",
        virtualbox=True,
    ),
)
