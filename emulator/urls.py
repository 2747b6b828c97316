"""Where published ports can be reached: one line a port, for the end of `up`."""

from collections.abc import Iterable, Iterator

from emulator.cluster import Service


def urls(services: Iterable[Service]) -> Iterator[str]:
    """`web: http://127.0.0.1:8080` for TCP, the bare address for the others; also of ports that we chose."""
    for service in services:
        for port in service.published or service.spec.endpoint.ports:
            if port.published:
                address = f"{port.host_ip or '127.0.0.1'}:{port.published}"
                yield f"{service.spec.name}: {'http://' if port.protocol == 'tcp' else port.protocol + ' '}{address}"
