"""Where ports of mode host are bound, with one node and with several."""

from dataclasses import replace
from random import Random

import pytest

from stackferry.emulator.cluster.objects import Cluster, Node
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort, ServiceSpec
from stackferry.emulator.control.change import create_service
from stackferry.emulator.control.deployment import deploy
from stackferry.emulator.control.host_ports import bound_at, is_lone, rebound

ONE, TWO, THREE = (Node(f"n{one}", f"node-{one}", address=f"127.0.0.{one}") for one in (1, 2, 3))


def service(name: str, *ports: PublishedPort) -> ServiceSpec:
    return ServiceSpec(name, endpoint=EndpointSpec(ports=ports))


ON_ALL = service("all", PublishedPort(80, 8080, mode="host"))
ON_ONE = service("one", PublishedPort(80, 8081, mode="host", host_ip="127.0.0.9"))
INGRESS = service("web", PublishedPort(80, 8082))


@pytest.mark.parametrize("written", ["", "0.0.0.0", "::"])
def test_one_node_binds_as_docker_does(written: str) -> None:
    port = PublishedPort(80, 8080, mode="host", host_ip=written)

    assert bound_at(port, ONE, [ONE]) == written
    assert bound_at(port, ONE, [ONE, replace(TWO, leaving=True)]) == written
    assert [bound_at(port, node, [ONE, TWO]) for node in (ONE, TWO)] == ["127.0.0.1", "127.0.0.2"]


def test_an_address_of_the_file_is_asked_for_wherever_the_task_is() -> None:
    (port,) = ON_ONE.endpoint.ports

    assert {bound_at(port, TWO, nodes) for nodes in ([TWO], [ONE, TWO])} == {"127.0.0.9"}


def nodes(*found: Node) -> dict[str, Node]:
    return {node.id: node for node in found}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (nodes(ONE), nodes(ONE, TWO), ["all"]),
        (nodes(ONE, TWO), nodes(ONE, replace(TWO, leaving=True)), ["all"]),
        (nodes(ONE, TWO), nodes(ONE, TWO, THREE), []),
        (nodes(ONE), nodes(ONE), []),
        ({}, nodes(ONE, TWO), []),
    ],
)
def test_who_holds_a_port_at_another_address_than_before(
    before: dict[str, Node], after: dict[str, Node], expected: list[str]
) -> None:
    cluster, chance = Cluster(before or nodes(ONE)), Random(1)
    for spec in (ON_ALL, ON_ONE, INGRESS):
        cluster = create_service(cluster, spec, 0.0, chance)

    assert [*rebound(before, after, cluster.services.values())] == expected


def test_a_second_node_replaces_the_tasks_that_would_keep_the_port_from_it_and_no_others() -> None:
    specs = (ON_ALL, ON_ONE, INGRESS)
    first = deploy(Cluster(), specs, nodes(ONE), 0.0, Random(1), prune=True).cluster

    then = deploy(first, specs, nodes(ONE, TWO), 1.0, Random(2), prune=True)
    again = deploy(then.cluster, specs, nodes(ONE, TWO), 2.0, Random(3), prune=True)

    assert (is_lone(first.nodes.values()), is_lone(then.cluster.nodes.values())) == (True, False)
    assert (then.updated, again.updated) == (("all",), ())
