"""One gate with many services and tasks: what is applied, and how long that takes."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.resources import Pool
from stackferry.emulator.webnet.address import area
from stackferry.emulator.webnet.dns import HostName, Resolver, virtual
from stackferry.emulator.webnet.gate import Gate
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.emulator.webnet.image import ensure_image, missing_programs
from stackferry.emulator.webnet.network import make_network
from stackferry.emulator.webnet.nftables import Backend, Balanced
from tests.emulator.webnet.test_gate import slowness

pytestmark = pytest.mark.slow

LABEL = "io.stackferry.test"


@pytest.fixture
def state(engine: DockerEngine) -> Iterator[GateState]:
    """200 services of five tasks and one of a hundred, in a network of its own."""
    if missing_programs():
        pytest.skip(f"no {', '.join(missing_programs())} here")
    run = f"sft{uuid.uuid4().hex[:8]}"
    make_network(engine, NetworkSpec("n", run, pools=(Pool("10.253.0.0/20"),), labels={LABEL: run}), {})
    info = engine.inspect_network(run)
    assert info is not None
    found = area(info, run, external=False)
    assert found is not None
    vips = list(found.addresses())
    tasks = [Backend(IPv4Address(f"10.253.{at // 250}.{at % 250 + 2}"), f"t{at}") for at in range(1100)]
    sizes = [5] * 200 + [100]
    starts = [sum(sizes[:at]) for at in range(201)]
    groups = [tuple(tasks[start : start + size]) for start, size in zip(starts, sizes, strict=True)]
    balanced = tuple(Balanced(vips[at], f"s{at}", group) for at, group in enumerate(groups))
    entries = tuple(
        entry
        for one in balanced
        for entry in virtual([HostName(one.service)], [one.vip], [task.address for task in one.backends])
    )
    resolver = Resolver(found.gate, entries=entries, own=tuple(HostName(f"tasks.{one.service}") for one in balanced))
    yield GateState(f"{run}.gate", run, run, found.gate, balanced=balanced, resolvers=(resolver,))
    engine.remove(f"{run}.gate")
    engine.remove_network(run)


def test_two_hundred_services_and_a_hundred_tasks(engine: DockerEngine, state: GateState) -> None:
    gate = Gate(engine, "sft", state.name, ensure_image(engine), {})
    gate.ensure(state)
    times = []
    for next_state in (state, replace(state, balanced=(*state.balanced[:-1], _without(state.balanced[-1]))), state):
        began = time.monotonic()
        gate.apply(next_state, ())
        times.append(time.monotonic() - began)

    listed = engine.exec(state.name, ["nft", "list", "table", "ip", "stackferry"]).stdout.decode()
    assert listed.count("numgen inc") == 201
    assert "mod 100" in listed
    answer = engine.exec(state.name, ["busybox", "nslookup", "-type=a", "s199", str(state.address)]).stdout.decode()
    assert str(state.balanced[199].vip) in answer
    gate.close()
    assert times[0] < 3.0 * slowness(), times
    assert max(times[1:]) < 0.3 * slowness(), times


def _without(balanced: Balanced) -> Balanced:
    return replace(balanced, backends=balanced.backends[1:])
