"""No request is lost while a service changes: with connections kept open, and with one for each request."""

import contextlib
import time
from collections.abc import Callable

import pytest

from tests.emulator.webnet.load import Asking
from tests.emulator.webnet.traffic import Traffic

pytestmark = pytest.mark.slow


def scale(traffic: Traffic) -> None:
    traffic.ok("scale", "web=10")
    traffic.ok("scale", "web=2")


def update_stop_first(traffic: Traffic) -> None:
    traffic.put(version="2")
    traffic.ok("up", "-d", "-q")


def update_start_first(traffic: Traffic) -> None:
    traffic.put(version="3", order="start-first")
    traffic.ok("up", "-d", "-q")


def roll_back(traffic: Traffic) -> None:
    traffic.put(version="5")
    traffic.ok("up", "-d", "-q")
    traffic.ok("rollback", "web")


def drain_a_node(traffic: Traffic) -> None:
    count = len(traffic.tasks_of("web"))
    traffic.ok("node", "update", "--availability", "drain", "node-2")
    traffic.eventually(lambda: len(traffic.tasks_of("web")) == count and _nodes(traffic) == 1)
    traffic.ok("node", "update", "--availability", "active", "node-2")


def _nodes(traffic: Traffic) -> int:
    return len({task.node_id for task in traffic.tasks_of("web")})


def lose_the_manager(traffic: Traffic) -> None:
    traffic.kill_manager()
    time.sleep(0.5)
    traffic.put(version="4")
    traffic.ok("up", "-d", "-q")


@pytest.mark.parametrize(
    "change", [scale, update_stop_first, update_start_first, roll_back, drain_a_node, lose_the_manager]
)
def test_no_request_is_lost(traffic: Traffic, change: Callable[[Traffic], None]) -> None:
    traffic.settled(len(traffic.tasks_of("web")))
    ways = [(traffic.vip, 80), ("127.0.0.1", traffic.port)]
    with contextlib.ExitStack() as stack:
        loads = [stack.enter_context(Asking(host, port, mode)) for host, port in ways for mode in ("keep", "new")]
        change(traffic)

    for load in loads:
        assert load.result["failed"] == 0, (load.process.args, load.result)
        assert load.result["answered"] > 100
