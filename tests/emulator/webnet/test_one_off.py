"""The resolver of a container that is not a task."""

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from stackferry.emulator.cluster.objects import Cluster, Service
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.engine.resources import NetworkInfo
from stackferry.emulator.webnet.one_off import visit
from tests.emulator.webnet.stack import cluster, service


class Gated:
    """An engine with networks s_a and s_b; the gates of `running` of them are there."""

    def __init__(self, *running: str) -> None:
        self.running = running

    def inspect_network(self, name: str) -> NetworkInfo:
        at = "ab".index(name[-1])
        return NetworkInfo(name, name, "bridge", {}, (f"10.0.{at}.0/24",), (f"10.0.{at}.0/25",))

    def inspect(self, container: str) -> ContainerInfo | None:
        name = container.removeprefix("s.gate.")
        if name not in self.running:
            return None
        at = "ab".index(name[-1])
        return ContainerInfo(container, container, "gate", {}, "running", addresses={name: f"10.0.{at}.200"})

    def containers(self, _labels: object) -> list[ContainerInfo]:
        return []


BOTH = replace(service("web", "s_a", "s_b"), vips={"s_a": "10.0.0.201", "s_a+s_b": "10.0.0.202"})
OTHER = service("other", "s_a")


@pytest.mark.parametrize(
    ("of", "there", "gates", "resolver"),
    [
        (OTHER, cluster((OTHER,)), ("s_a",), "10.0.0.200"),
        (OTHER, Cluster(), ("s_a",), "10.0.0.200"),
        (BOTH, cluster((OTHER, BOTH)), ("s_a", "s_b"), "10.0.0.202"),
        # Nobody is in both: that of the first of them.
        (BOTH, cluster((OTHER,)), ("s_a", "s_b"), "10.0.0.200"),
        (BOTH, cluster((OTHER, BOTH)), ("s_b",), "10.0.1.200"),
        (BOTH, cluster((OTHER, BOTH)), (), None),
    ],
)
def test_the_resolver(of: Service, there: Cluster, gates: tuple[str, ...], resolver: str | None) -> None:
    leg = visit(Gated(*gates), "s", there, lambda: StackRecord("s"), of.spec.task)

    assert leg.resolver == (None if resolver is None else IPv4Address(resolver))
    assert leg.networks == frozenset(of.spec.task.networks)
    host = leg.body({"Image": "i", "HostConfig": {"Init": True}})["HostConfig"]
    assert host == {"Init": True, **({} if resolver is None else {"Dns": [resolver]})}


def test_it_has_no_name() -> None:
    leg = visit(Gated(), "s", Cluster(), lambda: StackRecord("s"), OTHER.spec.task)

    assert leg.endpoint("s_a", {"Aliases": ["other"], "Links": ["x"]}) == {"Links": ["x"]}
