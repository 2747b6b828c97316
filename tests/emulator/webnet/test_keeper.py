"""The keeper where gates cannot be: it says so once, and tasks keep the engine's own names."""

import logging
from collections.abc import Mapping

import pytest

from emulator.deployment import StackRecord
from emulator.door import NetworkInfo
from emulator.operation import Operation, Verb
from emulator.webnet.keeper import Keeper
from grammar.diagnostics import StackferryError
from tests.emulator.webnet.stack import cluster, service, task


class NoGates:
    """An engine that has one network and refuses NET_ADMIN."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def inspect_network(self, name: str) -> NetworkInfo:
        return NetworkInfo("id", name, "bridge", {}, ("10.0.0.0/24",), ("10.0.0.0/25",))

    def inspect(self, container: str) -> None:
        return None

    def image(self, name: str) -> None:
        return None

    def import_image(self, name: str, archive: bytes, changes: object = ()) -> str:
        raise StackferryError("operation not permitted", "")

    def containers(self, labels: Mapping[str, str]) -> list[object]:
        return []


def test_it_steps_aside_with_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    keeper = Keeper(NoGates(), "s", lambda: StackRecord("s"), lambda: None)
    web = service("web", "s_a")
    found = cluster((web,), (task(web, 1),))

    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            keeper.offer(keeper.settle(found))

    assert keeper.leg(task(web, 1)) is None
    warnings = [one for one in caplog.records if "no load-balanced network" in one.message]
    assert len(warnings) == 1
    keeper.drained(Operation(Verb.SHUTDOWN, "t", "n", "c"))


def test_it_may_be_turned_off(caplog: pytest.LogCaptureFixture) -> None:
    keeper = Keeper(NoGates(), "s", lambda: StackRecord("s"), lambda: None, {"STACKFERRY_WEBNET": "off"})
    web = service("web", "s_a")

    keeper.offer(cluster((web,), (task(web, 1),)))

    assert keeper.leg(task(web, 1)) is None
    assert caplog.records == []


class Idle:
    """A gate that has a task until it is asked a second time, and no connection of it."""

    wanted = in_force = None

    def __init__(self) -> None:
        self.asked = 0

    def has(self, task_id: str) -> bool:
        self.asked += 1
        return self.asked == 1

    def busy(self, task_id: str, after: float) -> bool:
        return False


class Waits:
    """Stands for the keeper's end, which comes with the first wait."""

    def __init__(self) -> None:
        self.waited = 0

    def is_set(self) -> bool:
        return self.waited > 0

    def wait(self, seconds: float) -> None:
        self.waited += 1


@pytest.mark.parametrize("strict", [True, False])
def test_a_strict_stack_drains_for_the_whole_time(strict: bool) -> None:
    """The record is asked at that moment: another deployment may have changed it."""
    known = {"record": StackRecord("s")}
    keeper = Keeper(NoGates(), "s", lambda: known["record"], lambda: None)
    keeper.gates["gate"] = Idle()
    keeper._closing = waits = Waits()
    known["record"] = StackRecord("s", strict=strict)

    keeper.drained(Operation(Verb.SHUTDOWN, "t", "n", "c"))

    assert waits.waited == strict
