"""The host-only network: its range, its adapters, and conflicts."""

from dataclasses import replace
from ipaddress import IPv4Interface, IPv4Network

import pytest

from stackferry.translator.minikube.doctor.checks import host_only
from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.host import Interface, Route
from stackferry.translator.minikube.doctor.facts.unknown import NotTriedError, Unknown
from stackferry.translator.minikube.doctor.facts.virtualbox import Adapter, Version
from stackferry.translator.minikube.doctor.facts.wanted import Wanted
from tests.translator.minikube.doctor.made import ADAPTER, HOST, NEW, RUNNING, found, on

REFUSED = "minikube would exit with 80 GUEST_PROVISION"


def asking(cidr: str, facts: Facts = NEW) -> Facts:
    return replace(facts, wanted=Wanted(host_only_cidr=cidr))


@pytest.mark.parametrize("check", [one.look for one in host_only.CHECKS])
def test_nothing_is_asked_without_virtualbox(check) -> None:
    assert check(on(NEW, "virtualbox", program=None)) is None


@pytest.mark.parametrize(
    ("cidr", "verdict", "message", "hint"),
    [
        ("192.168.59.1/24", "ok", "the host is 192.168.59.1 in 192.168.59.0/24", ""),
        (
            "192.168.59.0/24",
            "FAIL",
            f"192.168.59.0/24 is the address of a network; specify the host's own address in it; {REFUSED}",
            "--host-only-cidr=192.168.59.1/24",
        ),
        (
            "everything",
            "FAIL",
            f"everything is not an address with a prefix length; {REFUSED}",
            "write it like --host-only-cidr=192.168.59.1/24",
        ),
    ],
)
def test_the_address_of_the_host(cidr: str, verdict: str, message: str, hint: str) -> None:
    answer = found(host_only.address(asking(cidr)))

    assert (answer.verdict, answer.message, answer.hint) == (verdict, message, hint)


RULES = "# ours\n* 10.0.0.0/8 172.16.0.0/12\n* 2001::/64\n"


@pytest.mark.parametrize(
    ("cidr", "rules", "verdict"),
    [
        ("192.168.59.1/24", None, "ok"),
        ("192.168.63.1/24", None, "ok"),
        ("192.168.64.1/24", None, "FAIL"),
        ("10.3.4.1/24", None, "FAIL"),
        ("10.3.4.1/24", RULES, "ok"),
        ("172.20.0.1/16", RULES, "ok"),
        ("192.168.59.1/24", RULES, "FAIL"),
        ("192.168.59.1/24", "", "FAIL"),
    ],
)
def test_a_range_that_virtualbox_may_use(cidr: str, rules: str | None, verdict: str) -> None:
    assert found(host_only.allowed(on(asking(cidr), "host", network_rules=rules))).verdict == verdict


def test_a_range_that_it_may_not() -> None:
    answer = found(host_only.allowed(asking("10.3.4.1/24")))
    ruled = found(host_only.allowed(on(NEW, "host", network_rules="")))

    assert answer.message == (
        "VirtualBox may not use 10.3.4.0/24: its default allows 192.168.56.0/21, so it fails with E_ACCESSDENIED;"
        " minikube would exit with 80 GUEST_PROVISION"
    )
    assert answer.hint == (
        "as root: add the line `* 10.3.4.0/24` to /etc/vbox/networks.conf, or use --host-only-cidr=192.168.56.1/24"
    )
    assert ruled.message.startswith(
        "VirtualBox may not use 192.168.59.0/24: /etc/vbox/networks.conf allows no range at all"
    )


def test_a_range_is_not_asked_about_where_it_does_not_matter() -> None:
    far = asking("10.3.4.1/24")
    there = on(far, "virtualbox", adapters=(Adapter("vboxnet0", "10.3.4.1", "255.255.255.0"),))

    assert found(host_only.allowed(there)).verdict == "ok"
    assert host_only.allowed(on(far, "virtualbox", version=Version("6.1.26r145957"))) is None
    assert host_only.allowed(on(far, "host", system="windows")) is None
    assert host_only.allowed(asking("everything")) is None
    with pytest.raises(NotTriedError, match="Permission denied"):
        host_only.allowed(on(far, "host", network_rules=Unknown("Permission denied")))


def test_adapters_with_one_address() -> None:
    twin = replace(ADAPTER, name="vboxnet1")
    answer = found(host_only.same_address(on(NEW, "virtualbox", adapters=(ADAPTER, twin))))

    assert answer.verdict == "FAIL"
    assert answer.message == (
        "vboxnet0 and vboxnet1 both have 192.168.59.1; minikube would exit with 71 IF_VBOX_SAME_IP"
    )
    assert answer.hint.startswith("remove the one that no machine uses: VBoxManage hostonlyif remove vboxnet1")


def test_adapters_of_their_own() -> None:
    nameless = (Adapter("vboxnet1"), Adapter("vboxnet2"))

    assert found(host_only.same_address(NEW)).message == "host-only adapters: none yet"
    assert found(host_only.same_address(on(NEW, "virtualbox", adapters=nameless))).verdict == "ok"
    assert found(host_only.same_address(RUNNING)).message == "host-only adapters: vboxnet0 192.168.59.1"


def test_adapters_that_failed_starts_have_left() -> None:
    more = (ADAPTER, Adapter("vboxnet1", "192.168.57.1", "255.255.255.0"), Adapter("vboxnet2", "192.168.58.1"))
    facts = on(RUNNING, "virtualbox", adapters=more, used=frozenset(("vboxnet0", "vboxnet1")))
    answer = found(host_only.leftovers(facts))

    assert answer.verdict == "warn"
    assert answer.message == "no machine uses vboxnet2: possibly left over from failed starts"
    assert answer.hint == "VBoxManage hostonlyif remove vboxnet2"
    assert found(host_only.leftovers(on(facts, "virtualbox", used=frozenset()))).hint == (
        "VBoxManage hostonlyif remove vboxnet1; VBoxManage hostonlyif remove vboxnet2"
    )


def test_the_adapter_of_a_machine_that_was_deleted_is_used_again() -> None:
    assert found(host_only.leftovers(on(NEW, "virtualbox", adapters=(ADAPTER,)))).verdict == "ok"


def test_servers_of_adapters_that_are_gone() -> None:
    servers = (ADAPTER.network, "HostInterfaceNetworking-vboxnet7", "intnet")
    answer = found(host_only.leftovers(on(RUNNING, "virtualbox", servers=servers)))

    assert (answer.verdict, answer.message) == (
        "ok",
        "no adapter is left over; DHCP servers of adapters that are gone: 1 (minikube removes them)",
    )


def test_who_uses_an_adapter_is_not_known() -> None:
    with pytest.raises(NotTriedError, match="too many to ask"):
        host_only.leftovers(on(RUNNING, "virtualbox", used=Unknown("too many to ask")))


def interface(name: str, address: str, **more: bool) -> Interface:
    return Interface(name, (IPv4Interface(address),), **more)


def beside(*more: Interface, facts: Facts = NEW) -> Facts:
    assert isinstance(HOST.interfaces, tuple)
    return on(facts, "host", interfaces=(*HOST.interfaces, *more))


def test_a_lan_has_the_range() -> None:
    answer = found(host_only.taken(beside(interface("wlan0", "192.168.59.7/24"))))

    assert answer.verdict == "FAIL"
    assert answer.message == (
        "wlan0 of this host is already in 192.168.59.0/24, the range for the machine;"
        " minikube would exit with 71 IF_HOST_CIDR_CONFLICT"
    )
    assert answer.hint == "--host-only-cidr=192.168.56.1/24, or if it is stale, as root: ip link del wlan0"


def test_the_range_that_is_named_instead_is_free() -> None:
    more = (interface("wlan0", "192.168.59.7/24"), interface("br0", "192.168.56.1/24"))
    facts = on(beside(*more), "virtualbox", adapters=(Adapter("vboxnet3", "192.168.57.1", "255.255.255.0"),))
    vpn = on(facts, "host", routes=(Route(IPv4Network("192.168.58.0/24"), "tun0"),))
    full = on(facts, "host", routes=(Route(IPv4Network("192.168.0.0/16"), "tun0"),))

    assert found(host_only.taken(vpn)).hint.startswith("--host-only-cidr=192.168.60.1/24,")
    assert found(host_only.taken(full)).hint.startswith("--host-only-cidr=ADDRESS/PREFIX of a free range")


def test_virtualboxs_own_adapter_is_no_stranger() -> None:
    facts = beside(interface("vboxnet0", "192.168.59.1/24"), facts=RUNNING)
    routed = on(facts, "host", routes=(Route(IPv4Network("192.168.59.0/24"), "vboxnet0"),))

    assert found(host_only.taken(routed)).message == "192.168.59.0/24 is not used otherwise"


def test_interfaces_that_are_off() -> None:
    assert found(host_only.taken(beside(interface("wlan0", "192.168.59.7/24", is_up=False)))).verdict == "ok"


@pytest.mark.parametrize(
    ("network", "verdict"),
    [
        ("192.168.59.0/24", "FAIL"),
        ("192.168.59.128/25", "FAIL"),
        # The adapter's own, narrower route wins.
        ("192.168.0.0/16", "ok"),
        ("192.168.60.0/24", "ok"),
    ],
)
def test_a_vpn_on_the_range(network: str, verdict: str) -> None:
    answer = found(host_only.taken(on(NEW, "host", routes=(Route(IPv4Network(network), "tun0"),))))

    assert answer.verdict == verdict
    if verdict == "FAIL":
        assert (
            answer.message == f"packets to {network} are routed to tun0, probably by a VPN, instead of to the machine"
        )
        assert answer.hint.startswith("disconnect the VPN, or use --host-only-cidr=192.168.56.1/24")


def test_nobody_tells_the_routes() -> None:
    with pytest.raises(NotTriedError, match="ip does not exist"):
        host_only.taken(on(NEW, "host", routes=Unknown("ip does not exist")))
    # What is known is told all the same.
    taken = on(beside(interface("wlan0", "192.168.59.7/24")), "host", routes=Unknown("ip does not exist"))
    assert found(host_only.taken(taken)).verdict == "FAIL"
