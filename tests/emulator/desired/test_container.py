"""Services to containers: what the golden cases do not cover."""

import pytest

from stackferry.emulator.agent.create_request import creation
from stackferry.emulator.cluster.container import ContainerSpec
from tests.emulator.stacks import made, spec_of, task_of


def container(service: str, more: str = "") -> ContainerSpec:
    """The container of a service `a`, by its keys in flow style."""
    found = spec_of(made(f"name: s\nservices:\n  a: {{image: a, {service}}}\n{more}"), "a")
    assert isinstance(found.task.container, ContainerSpec)
    return found.task.container


def test_a_variable_without_a_value_takes_that_of_the_image_away() -> None:
    """As compose and swarm send it: the bare name, where not even the environment gives a value."""
    stack = made("name: s\nservices:\n  a: {image: a, environment: {A: '', B: null, C: null}}\n", C="c")
    spec = spec_of(stack, "a").task.container

    assert isinstance(spec, ContainerSpec)
    assert spec.env == ("A=", "B", "C=c")


def test_so_does_one_of_a_hook() -> None:
    spec = container("post_start: [{command: x, environment: {A: 1, B: null}}]")

    assert spec.post_start[0].env == ("A=1", "B")


@pytest.mark.parametrize(
    ("written", "ports"),
    [
        ("3000", ("3000/tcp",)),
        ("53/UDP", ("53/udp",)),
        ("90-92/udp", ("90/udp", "91/udp", "92/udp")),
        ("70000-99999999999", ("70000-99999999999/tcp",)),
        ("9-1", ("9-1/tcp",)),
        ("", ()),
        (" ", ()),
    ],
)
def test_exposed_ranges_go_port_by_port(written: str, ports: tuple[str, ...]) -> None:
    """An engine v29 refuses ranges; what is no port is the engine's to refuse."""
    assert container(f"expose: ['{written}']").exposed == ports


@pytest.mark.parametrize("mode", ["bridge", "default", "of-a-user"])
def test_a_network_mode_that_is_a_network_takes_a_mac_address(mode: str) -> None:
    stack = made(f"name: s\nservices:\n  a: {{image: a, network_mode: {mode}, mac_address: '02:00:00:00:00:01'}}\n")
    body = creation(*task_of(spec_of(stack, "a")), stack="s").body

    assert body["MacAddress"] == "02:00:00:00:00:01"
    assert body["NetworkingConfig"] == {"EndpointsConfig": {mode: {"MacAddress": "02:00:00:00:00:01"}}}


@pytest.mark.parametrize("mode", ["host", "none", "container:c", "service:b"])
def test_other_network_modes_take_no_mac_address(mode: str) -> None:
    assert container(f"network_mode: '{mode}', mac_address: '02:00:00:00:00:01'", "  b: {image: b}\n").mac_address == ""


def test_legs_are_in_the_order_of_their_keys() -> None:
    networks = "networks: {default: , a: {external: true, name: z}, e: {external: true, name: b}}\n"
    legs = container("networks: [e, default, a]", networks).networks

    assert [leg.network for leg in legs] == ["z", "s_default", "b"]


def test_the_mac_address_of_a_service_is_that_of_its_first_leg() -> None:
    networks = "networks: {one: , two: {priority: 1}, three: {mac_address: '02:00:00:00:00:03'}}"
    legs = container(f"mac_address: '02:00:00:00:00:01', {networks}", "networks: {one: , two: , three: }\n").networks

    assert [(leg.network, leg.mac_address) for leg in legs] == [
        ("s_two", "02:00:00:00:00:01"),
        ("s_one", ""),
        ("s_three", "02:00:00:00:00:03"),
    ]


def test_a_device_by_its_cdi_name_is_asked_for() -> None:
    options = container("devices: ['vendor.com/gpu=0', '/dev/a=b', 'v.x/c=all', 'v.x/c=1:/dev/y']").options

    assert options["DeviceRequests"] == [{"Driver": "cdi", "DeviceIDs": ["vendor.com/gpu=0", "v.x/c=all"]}]
    assert [one["PathOnHost"] for one in options["Devices"]] == ["/dev/a=b", "v.x/c=1"]  # type: ignore[attr-defined]
