"""The lines at the end of `up`."""

from emulator.cluster import Service
from emulator.spec import EndpointSpec, PublishedPort, ServiceSpec
from emulator.urls import urls

OPEN = EndpointSpec(ports=(PublishedPort(80), PublishedPort(53, 5353, "udp", host_ip="127.0.0.7")))


def test_ports_that_were_asked_for_and_those_that_we_chose() -> None:
    fixed = OPEN.ports[1]
    chosen = Service("1", ServiceSpec("s_web", endpoint=OPEN), published=(PublishedPort(80, 30000), fixed))
    not_yet = Service("2", ServiceSpec("s_api", endpoint=OPEN))

    assert [*urls((chosen, not_yet))] == [
        "s_web: http://127.0.0.1:30000",
        "s_web: udp 127.0.0.7:5353",
        "s_api: udp 127.0.0.7:5353",
    ]
