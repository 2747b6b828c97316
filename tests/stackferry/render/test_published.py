"""Ports as compose and docker show them."""

import pytest

from stackferry.emulator.cluster.objects import Service, Task
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort, ServiceSpec
from stackferry.emulator.cluster.state import TaskState
from stackferry.render.published import address, mapping, publisher, reached, shown


def ports(*given: tuple[int, int] | tuple[int, int, str] | tuple[int, int, str, str]) -> list[PublishedPort]:
    return [
        PublishedPort(target, published, *more[:1], host_ip="".join(more[1:])) for target, published, *more in given
    ]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ([], ""),
        ([(80, 8080)], "0.0.0.0:8080->80/tcp"),
        ([(80, 8080, "tcp", "::1")], "[::1]:8080->80/tcp"),
        ([(9000, 9000), (9001, 9001), (9002, 9002)], "0.0.0.0:9000-9002->9000-9002/tcp"),
        ([(9000, 9000), (9001, 9001, "udp"), (9001, 9001)], "0.0.0.0:9000-9001->9000-9001/tcp, 0.0.0.0:9001->9001/udp"),
        # A run that a gap ends comes before the last one of each address, and what is at another number is the end.
        (
            [(81, 8081), (7, 7), (9, 9), (8, 8, "tcp", "127.0.0.1"), (9, 9, "tcp", "127.0.0.1")],
            "0.0.0.0:7->7/tcp, 0.0.0.0:9->9/tcp, 127.0.0.1:8-9->8-9/tcp, 0.0.0.0:8081->81/tcp",
        ),
        ([(80, 8081), (80, 8080)], "0.0.0.0:8080->80/tcp, 0.0.0.0:8081->80/tcp"),
    ],
)
def test_the_column(given: list[tuple[int, int]], text: str) -> None:
    assert shown(ports(*given)) == text


def test_what_is_reached() -> None:
    """The ports of the service in the order of targets, then those of the tasks; none that has no number yet."""
    own = (PublishedPort(81, 8081), PublishedPort(80, 8080), PublishedPort(80, 18080), PublishedPort(82))
    held = PublishedPort(80, 32000, "udp", "host", "127.0.0.2")
    service = Service(
        "s", ServiceSpec("shop_web", endpoint=EndpointSpec(ports=(*own, PublishedPort(80, 0, "udp", "host"))))
    )
    endpoint = EndpointSpec(ports=(held, *own))
    tasks = [Task(one, "s", 1, service.spec.task, state=TaskState.RUNNING, endpoint=endpoint) for one in ("old", "new")]

    found = reached(service, tasks)

    assert found == [own[1], own[2], held, own[0]]
    assert [mapping(one) for one in found[1:3]] == ["80/tcp -> 0.0.0.0:18080", "80/udp -> 127.0.0.2:32000"]
    assert publisher(held) == {"URL": "127.0.0.2", "TargetPort": 80, "PublishedPort": 32000, "Protocol": "udp"}
    assert reached(None, []) == []


def test_an_address_of_ipv6_is_in_brackets_where_a_number_follows() -> None:
    (port,) = ports((80, 8080, "tcp", "2001:db8::1"))
    assert (address(port), publisher(port)["URL"]) == ("[2001:db8::1]:8080", "2001:db8::1")
