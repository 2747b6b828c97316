import pytest

from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.engine.resources import NetworkInfo
from stackferry.emulator.fake.addressing import Addresses, HostPorts


def network(**fields: object) -> Addresses:
    return Addresses(NetworkInfo("n1", "net", "bridge", {}, **fields))


def test_the_lowest_free_address_is_taken() -> None:
    addresses = network(subnets=("10.0.0.0/29",))

    assert [addresses.take() for _ in range(3)] == ["10.0.0.2", "10.0.0.3", "10.0.0.4"]
    addresses.give_back("10.0.0.3")
    assert addresses.take() == "10.0.0.3"


def test_the_range_bounds_what_is_handed_out_but_not_what_is_asked_for() -> None:
    addresses = network(subnets=("10.0.0.0/24",), ip_ranges=("10.0.0.128/30",), gateways=("10.0.0.129",))

    assert addresses.take("10.0.0.5") == "10.0.0.5"
    assert [addresses.take() for _ in range(3)] == ["10.0.0.128", "10.0.0.130", "10.0.0.131"]
    with pytest.raises(EngineError, match="no available IPv4 addresses"):
        addresses.take()
    with pytest.raises(EngineError, match="Address already in use"):
        addresses.take("10.0.0.5")
    with pytest.raises(EngineError, match="does not belong"):
        addresses.take("10.1.0.5")


def test_host_ports_clash_by_address_and_protocol() -> None:
    ports = HostPorts()
    bound = {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "80"}]}
    assert ports.take("a", "one", bound) == {"80/tcp": (("127.0.0.1", "80"),)}
    ports.take("b", "two", {"80/tcp": [{"HostIp": "127.0.0.2", "HostPort": "80"}]})
    ports.take("c", "three", {"80/udp": [{"HostPort": "80"}]})

    with pytest.raises(EngineError, match=r"Bind for 0\.0\.0\.0:80 failed: port is already allocated"):
        ports.take("d", "four", {"81/tcp": [{"HostPort": "81"}], "80/tcp": [{"HostPort": "80"}]})
    assert "d" not in ports.bound.values()

    ports.give_back("a")
    assert ports.take("e", "five", bound)


def test_an_open_host_port_gets_a_number() -> None:
    ports = HostPorts()

    given = [ports.take(name, name, {"80/tcp": [{"HostPort": ""}]})["80/tcp"][0][1] for name in ("a", "b")]

    assert given == ["49152", "49153"]
