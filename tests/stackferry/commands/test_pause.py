"""`pause` and `unpause`: running tasks, except those that are already in that state."""

import pytest

from stackferry.emulator.engine.protocol import ContainerInfo


class Stub:
    def __init__(self):
        self.status = {}

    def inspect(self, container):
        return ContainerInfo(container, "x", "x", {}, self.status.get(container[:3], "running"))

    def pause(self, container):
        self.status[container[:3]] = "paused"

    def unpause(self, container):
        self.status[container[:3]] = "running"


@pytest.fixture
def engine(running, monkeypatch):
    from stackferry import engine

    stub = Stub()
    monkeypatch.setattr(engine, "connect", lambda _session: stub)
    return stub


def test_pause(engine, stackferry):
    engine.status["ct2"] = "paused"
    done = stackferry("pause", "web")

    assert done.code == 0
    assert [line.split(".")[1] for line in done.err.splitlines()] == ["1"]
    assert engine.status == {"ct1": "paused", "ct2": "paused"}
    assert stackferry("pause", "web").err == "no task to be paused\n"

    assert len(stackferry("unpause").err.splitlines()) == 2
    assert engine.status == {"ct1": "running", "ct2": "running"}
