"""Which tasks get a helper and when: once per start, a few at a time, after tasks that are being started."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address

import pytest

from stackferry.emulator.engine.protocol import ContainerInfo, EngineError
from stackferry.emulator.webnet import return_marks
from stackferry.emulator.webnet.return_helper import ReturnRefusedError
from stackferry.emulator.webnet.return_marks import AT_ONCE, ReturnMarks
from stackferry.emulator.webnet.return_path import Marked, ReturnPath
from stackferry.grammar.diagnostics import StackferryError

LIMIT = 30.0


def path(number: int, gate: str = "10.0.0.131") -> ReturnPath:
    return ReturnPath("s_web", f"c{number}", IPv4Address(f"10.0.0.{number}"), IPv4Address(gate))


class Helpers:
    """Stands for `mark`: counts, and lets helpers end when it is told to."""

    def __init__(self) -> None:
        self.news = threading.Condition()
        self.begun: list[str] = []
        self.running = self.most = 0
        self.may_end = threading.Event()
        self.may_end.set()
        self.errors: dict[str, list[StackferryError]] = {}
        self.changes = 0
        self.marks = ReturnMarks(None, "s", self.changed)

    def changed(self) -> None:
        with self.news:
            self.changes += 1
            self.news.notify_all()

    def mark(
        self, _engine: object, _stack: str, _image: str, task_id: str, of: ReturnPath, named: Callable[[str], None]
    ) -> Marked:
        named(f"helper-{task_id}")
        with self.news:
            error = found.pop(0) if (found := self.errors.get(task_id)) else None
            self.begun.append(task_id)
            self.running += 1
            self.most = max(self.most, self.running)
            self.news.notify_all()
        try:
            assert self.may_end.wait(LIMIT)
            if error is not None:
                raise error
        finally:
            with self.news:
                self.running -= 1
                self.news.notify_all()
        return Marked(of)

    def until(self, holds: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(holds, LIMIT), (self.begun, self.changes)

    def want(self, *numbers: int, starting: bool = False) -> None:
        self.marks.want({f"t{one}": path(one) for one in numbers}, "gate", starting=starting)


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Helpers]:
    found = Helpers()
    monkeypatch.setattr(return_marks, "mark", found.mark)
    yield found
    found.may_end.set()
    found.marks.close()
    found.marks.join(LIMIT)


def test_each_task_has_one_and_no_second(helpers: Helpers) -> None:
    helpers.want(1, 2)
    helpers.until(lambda: helpers.changes == 2)
    helpers.want(1, 2)
    helpers.want(1, 2, 3)
    helpers.until(lambda: helpers.changes == 3)

    assert sorted(helpers.begun) == ["t1", "t2", "t3"]
    assert helpers.marks.marks() == {f"t{one}": Marked(path(one)) for one in (1, 2, 3)}


def test_few_run_at_a_time(helpers: Helpers) -> None:
    helpers.may_end.clear()
    helpers.want(*range(1, 9))
    helpers.until(lambda: helpers.running == AT_ONCE)
    assert helpers.marks.owns(f"helper-{helpers.begun[0]}")
    helpers.may_end.set()
    helpers.until(lambda: helpers.changes == 8)

    assert helpers.most == AT_ONCE
    assert not helpers.marks.owns("helper-t1")


def test_they_wait_while_tasks_are_being_started_but_not_for_ever(
    helpers: Helpers, monkeypatch: pytest.MonkeyPatch
) -> None:
    helpers.want(1, starting=True)
    helpers.want(1, 2, starting=True)
    assert helpers.begun == []
    helpers.want(1, 2)
    helpers.until(lambda: helpers.changes == 2)

    monkeypatch.setattr(return_marks, "HOLD", 0.01)
    helpers.want(1, 2, 3, starting=True)
    helpers.until(lambda: helpers.changes == 3)


def test_one_whose_gate_is_another_is_marked_anew(helpers: Helpers) -> None:
    helpers.want(1)
    helpers.until(lambda: helpers.changes == 1)
    other = path(1, "10.0.0.140")
    helpers.marks.want({"t1": other}, "gate", starting=False)
    helpers.until(lambda: helpers.changes == 2)

    assert helpers.marks.marks() == {"t1": Marked(other)}


def test_a_restart_by_hand_takes_the_mark_until_the_helper_ran_again(helpers: Helpers) -> None:
    helpers.want(1)
    helpers.marks.started("t1", ContainerInfo("c1", "n", "i", {}, "running", started_at=100.0))
    helpers.until(lambda: helpers.changes == 1)
    # The start that is known, as the engine tells of it.
    helpers.marks.restarted("t1", 100.2)
    assert helpers.begun == ["t1"]
    helpers.may_end.clear()
    helpers.marks.restarted("t1", 107.0)
    assert helpers.marks.marks() == {}
    helpers.may_end.set()
    helpers.until(lambda: helpers.changes == 3)

    assert helpers.begun == ["t1", "t1"]
    assert helpers.marks.marks() == {"t1": Marked(path(1))}
    helpers.marks.restarted("nobody", 1.0)


def test_one_that_was_connected_again_has_another_helper(helpers: Helpers) -> None:
    helpers.want(1)
    helpers.until(lambda: helpers.changes == 1)

    helpers.may_end.clear()
    helpers.marks.connected("t1")
    helpers.marks.connected("nobody")

    assert helpers.marks.marks() == {}
    helpers.may_end.set()
    helpers.until(lambda: helpers.begun == ["t1", "t1"])


def test_one_that_was_restarted_while_its_helper_ran_has_no_mark_of_that(helpers: Helpers) -> None:
    helpers.may_end.clear()
    helpers.errors["t1"] = [ReturnRefusedError("its namespace is gone")]
    helpers.want(1)
    helpers.marks.started("t1", ContainerInfo("c1", "n", "i", {}, "running", started_at=100.0))
    helpers.until(lambda: helpers.running == 1)
    helpers.marks.restarted("t1", 107.0)
    helpers.until(lambda: helpers.running == 2)
    helpers.may_end.set()
    helpers.until(lambda: helpers.running == 0 and helpers.changes == 2)

    assert helpers.begun == ["t1", "t1"]


def test_what_is_refused_is_said_once_and_not_tried_again(helpers: Helpers, caplog: pytest.LogCaptureFixture) -> None:
    for task in ("t1", "t2"):
        helpers.errors[task] = [ReturnRefusedError("not permitted")]
    with caplog.at_level(logging.WARNING):
        helpers.want(1, 2)
        helpers.want(1, 2, 3)
        helpers.until(lambda: helpers.changes == 1 and helpers.running == 0)
        # It is said after a helper has ended, by the thread that heard of it.
        end = time.monotonic() + LIMIT
        while not caplog.records and time.monotonic() < end:
            time.sleep(0.01)

    assert helpers.marks.marks().keys() == {"t3"}
    assert sorted(helpers.begun) == ["t1", "t2", "t3"]
    assert [one.levelname for one in caplog.records] == ["WARNING"]
    assert "sees the gate's address instead of client addresses: not permitted" in caplog.text


def test_what_may_pass_is_tried_again(helpers: Helpers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(return_marks, "RETRIES", (0.01, 0.01))
    helpers.errors["t1"] = [EngineError("away"), EngineError("away")]
    # One that ended meanwhile is not.
    helpers.errors["t2"] = [EngineError("No such container", status=404)]
    helpers.want(1, 2)
    helpers.until(lambda: helpers.changes == 1)

    assert sorted(helpers.begun) == ["t1", "t1", "t1", "t2"]
    assert helpers.marks.marks().keys() == {"t1"}


def test_after_the_end_none_begins(helpers: Helpers) -> None:
    helpers.marks.close()
    helpers.want(1)
    helpers.marks.join(LIMIT)

    assert helpers.begun == []
