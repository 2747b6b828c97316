"""Where published ports can be reached: one line a port, for the end of `up`."""

from collections.abc import Iterable, Iterator

from emulator.spec import ServiceSpec


def urls(services: Iterable[ServiceSpec]) -> Iterator[str]:
    """`web: http://127.0.0.1:8080` for TCP, the bare address for the others."""
    for service in services:
        for port in service.endpoint.ports:
            if port.published:
                address = f"{port.host_ip or '127.0.0.1'}:{port.published}"
                yield f"{service.name}: {'http://' if port.protocol == 'tcp' else port.protocol + ' '}{address}"
