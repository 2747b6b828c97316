"""What happens when a gate or a task is killed."""

import os
import signal
import time
from ipaddress import IPv4Address
from types import SimpleNamespace
from typing import Any

import pytest

from emulator.door import EngineError
from emulator.webnet.body import gate_body
from emulator.webnet.gate import Gate, GateLostError
from emulator.webnet.gatestate import GateState
from tests.emulator.webnet.load import Asking
from tests.emulator.webnet.traffic import Traffic, ask, seconds_until

pytestmark = pytest.mark.slow


def outage(traffic: Traffic, gate: str, host: str, port: int) -> float:
    """Seconds from the death of a gate until every new connection is answered again."""
    info = traffic.engine.inspect(gate)
    assert info is not None
    os.kill(info.pid, signal.SIGKILL)
    began = failed = time.monotonic()
    # The kernel goes on forwarding for a moment; two good seconds are the end of it.
    while time.monotonic() < failed + 2.0:
        assert failed < began + 20
        if not ask(host, port, 0.1):
            failed = time.monotonic()
        time.sleep(0.01)
    return failed - began


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may kill a container's process")
def test_a_killed_gate_is_back_within_a_second(traffic: Traffic) -> None:
    before = traffic.vip
    times = [
        outage(traffic, traffic.gate(), before, 80),
        outage(traffic, traffic.ingress(), "127.0.0.1", traffic.port),
    ]

    assert traffic.vip == before
    assert traffic.inside("client", "busybox wget -qO- http://web/") != ""
    assert max(times) < 1.0 * slowness(), times


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may kill a container's process")
def test_and_so_it_is_without_a_manager(traffic: Traffic) -> None:
    traffic.kill_manager()

    assert outage(traffic, traffic.gate(), traffic.vip, 80) < 1.5 * slowness()
    assert traffic.inside("client", "busybox wget -qO- http://web/") != ""
    traffic.ok("up", "-d", "-q")
    traffic.settled(3)


def test_a_gate_that_was_removed_is_made_again(traffic: Traffic) -> None:
    traffic.engine.remove(traffic.gate())

    seconds_until(lambda: ask(traffic.vip, timeout=0.2) != "")


def test_a_killed_task_gets_nothing_new_for_long(traffic: Traffic) -> None:
    limit = 0.3 * slowness()
    told = []
    # Twice, if need be: this is about the killed one, and a busy machine loses a connection now and then (test_loss).
    for _ in range(2):
        traffic.settled(3)
        victim = traffic.tasks_of("web")[0]
        with Asking(traffic.vip, 80, "new", clients=4) as load:
            time.sleep(1)
            began = time.time()
            traffic.engine.kill(victim.container_id)
            time.sleep(3)

        # Until its process is seen to have ended, every third connection meets a closed port.
        failures = [(float(one.split()[0]) - float(one.split()[1]) - began, one) for one in load.result["failures"]]
        assert all(float(one.split()[1]) < 2.5 for _, one in failures), failures
        told.append([(f"{at:.3f} s", one) for at, one in failures if at > limit])
        if not told[-1]:
            return
    raise AssertionError(told)


def slowness() -> float:
    """How much longer things may take here than on an idle machine."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def test_a_gate_that_a_dead_manager_was_removing_is_lost_and_not_refused() -> None:
    """What is lost is made again at once; what is refused is shown at the tasks."""
    state = GateState("s.gate.s_a", "s_a", "s_a", IPv4Address("10.0.0.128"))

    class Engine:
        def inspect(self, _name: str) -> Any:
            return SimpleNamespace(labels=gate_body(state, "s", "image", {})["Labels"], status="removing")

        def start(self, _name: str) -> None:
            raise EngineError("container is marked for removal and cannot be started", status=409)

    engine: Any = Engine()
    with pytest.raises(GateLostError, match="marked for removal"):
        Gate(engine, "s", state.name, "image", {}).ensure(state)
