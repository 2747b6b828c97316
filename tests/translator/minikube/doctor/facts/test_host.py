"""Parsing texts of the kernel and of `ip`."""

from ipaddress import IPv4Interface, IPv4Network

import pytest

from stackferry.translator.minikube.doctor.facts.host import (
    Interface,
    Memory,
    Route,
    cpu_flags,
    interfaces,
    memory,
    modules,
    numbers,
    routes,
)

ADDRESSES = """[
{"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"addr_info":[
  {"family":"inet","local":"127.0.0.1","prefixlen":8},{"family":"inet6","local":"::1","prefixlen":128}]},
{"ifname":"ifb0","flags":["BROADCAST","NOARP"],"addr_info":[]},
{},
{"ifname":"tun0","flags":["POINTOPOINT","UP"],"addr_info":[{"family":"inet","local":"10.8.0.7","prefixlen":16}]}]"""


def test_interfaces() -> None:
    assert interfaces(ADDRESSES) == (
        Interface("lo", (IPv4Interface("127.0.0.1/8"),), is_loopback=True),
        Interface("ifb0", is_up=False),
        Interface("", is_up=False),
        Interface("tun0", (IPv4Interface("10.8.0.7/16"),)),
    )


def test_routes_but_for_the_default_one() -> None:
    text = '[{"dst":"default","dev":"eth0"},{"dst":"10.8.0.0/16","dev":"tun0"},{"dst":"10.9.0.1","dev":"tun0"}]'

    assert routes(text) == (Route(IPv4Network("10.8.0.0/16"), "tun0"), Route(IPv4Network("10.9.0.1/32"), "tun0"))


def test_no_words_of_ip() -> None:
    assert interfaces("") == ()
    assert routes("{}") == ()
    with pytest.raises(ValueError, match="Expecting"):
        routes("Object not found")


def test_modules_and_how_often_they_are_in_use() -> None:
    text = "kvm_intel 483328 3 - Live 0x0\nkvm 1396736 1 kvm_intel, Live 0x0\nvboxdrv 700416 2 vboxnetadp,\n\nx y\n"

    assert modules(text) == {"kvm_intel": 3, "kvm": 1, "vboxdrv": 2}


def test_flags_of_the_first_processor() -> None:
    text = "processor\t: 0\nflags\t\t: fpu vmx hypervisor\n\nprocessor\t: 1\nflags\t\t: fpu\n"

    assert cpu_flags(text) == {"fpu", "vmx", "hypervisor"}
    assert cpu_flags("processor\t: 0\nFeatures\t: fp asimd\n") == frozenset()


def test_memory() -> None:
    assert memory("MemTotal:       16384000 kB\nMemFree: 1 kB\nMemAvailable:    8192000 kB\n") == Memory(16000, 8000)
    assert memory("MemTotal: 2048 kB\n") == Memory(2, 2)
    with pytest.raises(ValueError, match="MemTotal"):
        memory("nothing")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("6.12.3-amd64", (6, 12, 3)),
        ("7.2.22_Debianr175245", (7, 2, 22)),
        ("7.2.22r175245", (7, 2, 22)),
        ("7.2", (7, 2)),
        ("", ()),
        ("v1", ()),
    ],
)
def test_the_numbers_of_a_version(text: str, found: tuple[int, ...]) -> None:
    assert numbers(text) == found
