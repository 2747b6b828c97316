"""One helper's run, against an engine in memory."""

import threading
from collections.abc import Callable
from ipaddress import IPv4Address

import pytest

from stackferry.emulator.cluster.labels import HELPER
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.webnet import return_helper
from stackferry.emulator.webnet.return_helper import ReturnRefusedError, mark
from stackferry.emulator.webnet.return_path import Marked, ReturnPath
from stackferry.grammar.diagnostics import StackferryError


def says(*lines: str) -> Behaviour:
    return Behaviour(lives=0.4, says=tuple(("stdout", line) for line in lines))


def an_engine(helper: Behaviour) -> tuple[FakeEngine, ReturnPath]:
    """With a task that runs."""
    engine = FakeEngine(VirtualClock(), {"gate": helper}, images=["gate", "app"])
    task = engine.create("task", {"Image": "app"})
    engine.start(task)
    return engine, ReturnPath("s_web", task, IPv4Address("10.0.0.1"), IPv4Address("10.0.0.131"))


def outcome(engine: FakeEngine, path: ReturnPath) -> object:
    """What comes of it, while time goes by."""
    found: list[object] = []

    def work() -> None:
        try:
            found.append(mark(engine, "s", "gate", "t1", path))
        except StackferryError as error:
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        engine.clock.advance(0.1)
        thread.join(0.01)
    return found[0]


def helpers(engine: FakeEngine) -> list[str]:
    return [one.name for one in engine.containers({HELPER: ""})]


@pytest.mark.parametrize(("word", "protocols"), [("all", ("tcp", "udp", "sctp")), ("tcp", ("tcp",))])
def test_it_ends_well_and_is_gone(word: str, protocols: tuple[str, ...]) -> None:
    engine, path = an_engine(says(f"= 0 {word}"))

    assert outcome(engine, path) == Marked(path, protocols)
    assert helpers(engine) == []


def test_one_that_is_refused_says_why() -> None:
    engine, path = an_engine(says("ip: RTNETLINK answers: Operation not permitted", "= 1 "))

    found = outcome(engine, path)

    assert isinstance(found, ReturnRefusedError)
    assert "not permitted" in str(found)


def test_one_that_is_cut_off_may_be_tried_again() -> None:
    engine, path = an_engine(says("half"))

    found = outcome(engine, path)

    assert isinstance(found, EngineError)
    assert (found.status, helpers(engine)) == (0, [])


def test_one_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(return_helper, "PATIENCE", 0.05)
    engine, path = an_engine(Behaviour(says=(("stdout", "working"),)))

    assert isinstance(outcome(engine, path), EngineError)
    assert helpers(engine) == []


def test_where_the_strict_check_would_drop_it_is_run_once_more_without() -> None:
    engine, path = an_engine(says("= 3 "))
    sysctls: list[object] = []
    create: Callable[..., str] = engine.create

    def watched(name: str, body: dict[str, dict[str, object]], platform: str = "") -> str:
        sysctls.append(body["HostConfig"].get("Sysctls"))
        return create(name, body, platform)

    engine.create = watched

    assert isinstance(outcome(engine, path), ReturnRefusedError)
    assert sysctls == [None, {"net.ipv4.conf.all.rp_filter": "2"}]


def test_a_task_that_has_ended_leaves_no_helper() -> None:
    engine, path = an_engine(says("= 0 all"))
    engine.stop(path.container_id)

    found = outcome(engine, path)

    assert isinstance(found, EngineError)
    assert (found.status, helpers(engine)) == (409, [])
