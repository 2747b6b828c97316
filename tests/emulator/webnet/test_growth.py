"""Which changes of a gate may be delayed, and how its thread merges a burst of changes."""

import threading
import time
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

import pytest

from stackferry.emulator.webnet.dns import Entry, HostName, Resolver
from stackferry.emulator.webnet.gate_state import Binding, GateState
from stackferry.emulator.webnet.gate_worker import REST, GateWorker
from stackferry.emulator.webnet.growth import only_grows
from stackferry.emulator.webnet.nftables import Backend, Balanced, Forward

VIP, DNS = IPv4Address("10.0.0.100"), IPv4Address("10.0.0.200")


def at(number: int) -> IPv4Address:
    return IPv4Address(f"10.0.0.{number}")


def state(tasks: int, *, named: int | None = None, published: int | None = None, **more: Any) -> GateState:
    """A gate of a service with so many tasks at its VIP, its port and its name."""

    def backends(count: int) -> tuple[Backend, ...]:
        return tuple(Backend(at(number), f"t{number}") for number in range(1, count + 1))

    count = tasks if named is None else named
    entries = (
        Entry(VIP, (HostName("web"),)),
        *(Entry(at(one), (HostName("tasks.web"),)) for one in range(1, count + 1)),
    )
    given = {
        "balanced": (Balanced(VIP, "web", backends(tasks)),),
        "forwards": (Forward(8080, "tcp", 80, backends(tasks if published is None else published)),),
        "resolvers": (Resolver(DNS, entries=entries),),
    }
    return GateState("g", "n", "n", **{**given, **more})


@pytest.mark.parametrize(
    ("before", "after", "grows"),
    [
        (state(1), state(2), True),
        (state(1), state(20), True),
        (state(2), state(2), True),
        (state(0), state(1), False),
        (state(2), state(1), False),
        (state(1, published=0), state(2), False),
        (state(1, named=0), state(2), False),
        (state(1), state(2, draining=(Backend(at(9), "t9"),)), False),
        (state(1), state(2, bindings=(Binding(80, "tcp"),)), False),
        (state(1), state(2, farther=("other",)), False),
        (state(1), state(2, balanced=()), False),
        (state(1), state(2, resolvers=()), False),
        (state(1), replace(state(2), resolvers=(replace(state(2).resolvers[0], peers=(at(7),)),)), False),
    ],
)
def test_what_may_wait(before: GateState, after: GateState, grows: bool) -> None:
    assert only_grows(before, after) is grows


class Quick:
    """A gate that is at once as it should be, and keeps what it was told and when."""

    name = "quick"

    def __init__(self) -> None:
        self.told: list[tuple[float, GateState]] = []
        self.news = threading.Condition()

    def ensure(self, _: GateState) -> bool:
        return True

    def apply(self, wanted: GateState, *_: object) -> None:
        with self.news:
            self.told.append((time.monotonic(), wanted))
            self.news.notify_all()

    def hurry(self, *_: object) -> None: ...

    def forget(self, _: object) -> None: ...

    def close(self) -> None: ...

    def until(self, wanted: GateState) -> float:
        """When it was so."""
        with self.news:
            assert self.news.wait_for(lambda: bool(self.told) and self.told[-1][1] == wanted, 30)
            return self.told[-1][0]


def test_a_burst_of_tasks_is_let_in_together() -> None:
    gate = Quick()
    worker = GateWorker(gate, lambda *_: None)  # type: ignore[arg-type]
    worker.want(state(0))
    gate.until(state(0))

    worker.want(state(1))
    first = gate.until(state(1))
    for count in range(2, 21):
        worker.want(state(count))
    together = gate.until(state(20))
    worker.want(state(19))
    gate.until(state(19))
    worker.end(remove=False)
    worker.join(30)

    # What is between the first task of a service and one that leaves is one change.
    assert together - first >= REST * 0.99
    assert [len(one.backends()) for _, one in gate.told] == [0, 1, 20, 19]
