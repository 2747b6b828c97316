"""Deploying a stack: what stays of the existing nodes."""

from dataclasses import replace
from random import Random

import pytest

from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort, ServiceSpec
from stackferry.emulator.control.change import change_node
from stackferry.emulator.control.deployment import deploy
from stackferry.emulator.control.nodes import nodes_of
from stackferry.emulator.desired.nodes import numbered
from stackferry.emulator.engine.protocol import EngineVersion
from stackferry.grammar.diagnostics import StackferryError


def engine(version: str) -> EngineVersion:
    return EngineVersion(version, "1.41", "linux", "x86_64", 2, 1 << 30, "laptop")


def test_nodes_stay_as_users_left_them_with_the_engine_as_it_is() -> None:
    """The engine was upgraded between two deployments, and a node was drained."""
    first = deploy(Cluster(), (), nodes_of("s", numbered(2), engine("20.10")), 1.0, Random(1), prune=True).cluster
    node_1, node_2 = first.nodes.values()
    first = change_node(first, replace(node_2, availability="drain"))

    second = deploy(first, (), nodes_of("s", numbered(3), engine("29.0")), 2.0, Random(1), prune=True).cluster

    assert [(node.hostname, node.availability, node.engine_version) for node in second.nodes.values()] == [
        ("node-1", "active", "29.0"),
        ("node-2", "drain", "29.0"),
        ("node-3", "active", "29.0"),
    ]
    assert node_1.engine_version == "20.10"


def test_two_services_cannot_publish_one_port() -> None:
    """Neither is written; one that goes in the same deployment makes room."""
    a, b = (ServiceSpec(name, endpoint=EndpointSpec(ports=(PublishedPort(80, 80),))) for name in "ab")

    taken = r"^failed to create service b: port '80' is already in use by service 'a' "
    with pytest.raises(StackferryError, match=taken + "as an ingress port"):
        deploy(Cluster(), (a, b), {}, 1.0, Random(1), prune=True)
    first = deploy(Cluster(), (a,), {}, 1.0, Random(1), prune=True).cluster
    assert deploy(first, (b,), {}, 2.0, Random(2), prune=True).removed == ("a",)
    with pytest.raises(StackferryError, match=taken + r"\("):
        deploy(first, (b,), {}, 2.0, Random(2), prune=False)
