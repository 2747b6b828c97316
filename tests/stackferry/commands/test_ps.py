"""`ps` with a fact that only the engine knows: paused containers."""

import json
from dataclasses import replace

import pytest

from stackferry.emulator.engine.protocol import EngineAwayError
from tests.stackferry.conftest import identity


@pytest.fixture
def still(running, on_engine):
    """An engine in which web.1 stands still."""
    on_engine.changed[identity("t1")] = lambda info: replace(info, status="paused")


@pytest.mark.parametrize("words", [["--status", "paused"], ["--filter", "status=paused"]])
def test_paused_is_a_status_of_its_own(still, stackferry, words):
    assert stackferry("ps", *words, "-q").out == "ct1" * 12 + "\n"
    assert stackferry("ps", *words, "--services").out == "web\n"
    assert "shop_web.1 " in stackferry("ps", *words).out


def test_what_is_paused_does_not_run_and_is_listed(still, stackferry):
    assert "ct1" * 12 not in stackferry("ps", "--status", "running", "-q").out.split()
    assert "ct1" * 12 in stackferry("ps", "-q").out.split()
    rows = [json.loads(line) for line in stackferry("ps", "--format", "json", "web").out.splitlines()]
    assert [(row["State"], row["Status"]) for row in rows] == [
        ("paused", "Up 59 seconds (Paused)"),
        ("running", "Up 1 second"),
    ]
    shown = stackferry("ps", "--format", "{{.State}}", "--filter", "name=shop_web.1", "-f", "desired-state=running")
    assert "paused" in shown.out.split()


def test_without_an_engine(running, stackferry, monkeypatch):
    """What is chosen by it cannot be told; all else is in the state."""
    from stackferry import engine

    def away(_session):
        raise EngineAwayError("cannot connect to the Docker daemon")

    monkeypatch.setattr(engine, "connect", away)
    assert stackferry("ps", "--status", "paused").code == 1
    assert stackferry("ps", "--status", "exited").code == 0
    assert '"State":"running"' in stackferry("ps", "--format", "json").out
