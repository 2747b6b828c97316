"""The published ports of a service as compose and docker show them, for `port` and the `Ports` of `ps`."""

from collections.abc import Iterable
from ipaddress import ip_address

from stackferry.emulator.cluster.objects import Service, Task
from stackferry.emulator.cluster.spec import PublishedPort

_ANY = "0.0.0.0"  # noqa: S104 - shown, not bound


def reached(service: Service | None, tasks: Iterable[Task]) -> list[PublishedPort]:
    """The service's ports and those of its tasks in mode host, each once, the lowest target first."""
    own = service.ports if service else ()
    found = [*(one for one in own if one.mode != "host"), *(one for task in tasks for one in task.held)]
    known = dict.fromkeys(one for one in found if one.published)
    return sorted(known, key=lambda one: (one.target, one.protocol))


def address(port: PublishedPort) -> str:
    """`0.0.0.0:8080`, `[::1]:8080`."""
    return _joined(port.host_ip or _ANY, port.published)


def mapping(port: PublishedPort) -> str:
    """A line of `port SERVICE`, such as `80/tcp -> 0.0.0.0:8080`."""
    return f"{port.target}/{port.protocol} -> {address(port)}"


def publisher(port: PublishedPort) -> dict[str, object]:
    """An item of compose's `Publishers`."""
    return {
        "URL": port.host_ip or _ANY,
        "TargetPort": port.target,
        "PublishedPort": port.published,
        "Protocol": port.protocol,
    }


def shown(ports: Iterable[PublishedPort]) -> str:
    """The column PORTS: first ranges of ports with the same number on both sides, then all others."""
    runs: dict[tuple[str, str], list[list[int]]] = {}
    others = []
    for port in sorted(ports, key=_order):
        host = port.host_ip or _ANY
        if port.published != port.target:
            others.append(f"{address(port)}->{port.target}/{port.protocol}")
            continue
        of_host = runs.setdefault((host, port.protocol), [])
        if of_host and of_host[-1][1] + 1 == port.target:
            of_host[-1][1] = port.target
        else:
            of_host.append([port.target, port.target])
    # As docker: for every address, the last range comes after those that ended at a gap.
    ended = [(key, run) for key, found in runs.items() for run in found[:-1]]
    last = [(key, found[-1]) for key, found in runs.items()]
    return ", ".join([*(_run(*key, *run) for key, run in (*ended, *last)), *others])


def _run(host: str, protocol: str, first: int, last: int) -> str:
    numbers = str(first) if first == last else f"{first}-{last}"
    return f"{_joined(host, numbers)}->{numbers}/{protocol}"


def _joined(host: str, port: int | str) -> str:
    """Host and port joined as in Go: an IPv6 address is in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _order(port: PublishedPort) -> tuple[int, int, int, int, str]:
    try:
        host = ip_address(port.host_ip or _ANY)
    except ValueError:
        host = ip_address(_ANY)
    return port.target, host.version, int(host), port.published, port.protocol
