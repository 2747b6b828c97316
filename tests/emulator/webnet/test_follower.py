"""The meaning of gates' events, and of an engine that becomes unreachable."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from stackferry.emulator.cluster.labels import GATE, STACK
from stackferry.emulator.engine.protocol import EngineError, EngineEvent
from stackferry.emulator.webnet.follower import Follower


class Heard:
    """Stands for everything that a follower tells."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.stack = "s"
        self.facts = SimpleNamespace(areas={"shared": None})
        self.closing = threading.Event()

    def peers(self, network: str) -> None:
        self.told.append(f"peers {network}")

    def died(self) -> None:
        self.told.append("died")
        self.closing.set()

    def events(self, _since: float | None, labels: dict[str, str]) -> object:
        self.told.append(f"follows {labels}")
        raise EngineError("gone")


def follower(heard: Any) -> Follower:
    return Follower(heard, heard, lambda: {"s.gate.shared": heard}, heard.closing)


def event(kind: str, stack: str, name: str = "") -> EngineEvent:
    marks = {STACK: stack, GATE: "shared"} if stack else {GATE: "probe"}
    return EngineEvent(kind, "c", name or f"{stack}.gate.shared", marks)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (event("die", "s"), ["died"]),
        (event("destroy", "s"), ["died"]),
        (event("pause", "s"), ["died"]),
        (event("start", "s"), []),
        (event("die", "s", "s.gate.earlier"), []),
        (event("start", "t"), ["peers shared"]),
        (event("die", "t"), ["peers shared"]),
        (event("destroy", "t"), ["peers shared"]),
        (event("exec_start", "t"), []),
        # The discovery knows no such network, and leaves it.
        (event("start", ""), ["peers probe"]),
    ],
)
def test_events(found: EngineEvent, told: list[str]) -> None:
    heard = Heard()
    follower(heard).take(found)

    assert heard.told == told


def test_after_an_engine_that_went_away_every_gate_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stackferry.emulator.webnet.follower.PAUSE", 0.0)
    heard = Heard()
    gate_follower = follower(heard)
    gate_follower.start()
    gate_follower._thread.join(5)

    assert heard.told == [f"follows { {GATE: ''} }", "died"]
    # It has begun once: again would be an error of threads.
    gate_follower.start()
