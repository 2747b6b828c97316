"""Which process holds a port of the host."""

import pytest

from stackferry.emulator.cluster.labels import GATE, SERVICE, of_stack
from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.webnet.port_holders import holder_of, holders


def container(name: str, labels: dict[str, str], *bound: tuple[str, str], status: str = "running") -> ContainerInfo:
    return ContainerInfo(name, name, "image", labels, status, ports={"80/tcp": bound, "81/udp": ()})


GATE_OF_OTHER = container("web.ingress", {**of_stack("other"), GATE: "other_web"}, ("0.0.0.0", "8080"))
TASK_OF_OTHER = container("other_db.1.x", {**of_stack("other"), SERVICE: "other_db"}, ("127.0.0.1", "8081"))
STRANGER = container("nginx", {}, ("0.0.0.0", "8082"), ("::", "8082"))
OWN = container("shop_web.ingress", {**of_stack("shop"), GATE: "shop_web"}, ("0.0.0.0", "8083"))
ENDED = container("old", {}, ("0.0.0.0", "8084"), status="exited")
HELD = [*holders([GATE_OF_OTHER, TASK_OF_OTHER, STRANGER, OWN, ENDED], "shop")]


@pytest.mark.parametrize(
    ("port", "said"),
    [
        (PublishedPort(1, 8080), "service 'other_web' of the stack other as an ingress port"),
        (PublishedPort(1, 8081), "service 'other_db' of the stack other as a host-published port"),
        (PublishedPort(1, 8081, host_ip="127.0.0.2"), None),
        (PublishedPort(1, 8080, "udp"), None),
        (PublishedPort(1, 8082), "the container nginx"),
        (PublishedPort(1, 8083), None),
        (PublishedPort(1, 8084), None),
    ],
)
def test_who_has_it(port: PublishedPort, said: str | None) -> None:
    found = holder_of(port, HELD)

    assert (str(found) if found else None) == said


def test_ours_is_named_before_a_container() -> None:
    both = [*holders([container("x", {}, ("127.0.0.5", "8080")), GATE_OF_OTHER], "shop")]

    found = holder_of(PublishedPort(1, 8080), both)

    assert found is not None
    assert (found.stack, found.hint) == (
        "other",
        "publish another port, or remove that stack: `stackferry -p other down`",
    )
    assert HELD[-1].hint == "publish another port, or stop the container: `docker stop nginx`"
