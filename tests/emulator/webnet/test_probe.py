"""The probe on the real engine detects what is available, and what the kernel or a container refuses."""

import pytest

from stackferry.emulator.cluster.labels import GATE
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.protocol import ExecResult
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.webnet import probe as probing
from stackferry.emulator.webnet.image import ensure_image, missing_programs
from stackferry.emulator.webnet.probe import SCRIPT, STEPS, Probe, probe


@pytest.mark.slow
def test_an_engine_that_can(engine: DockerEngine) -> None:
    if missing_programs():
        pytest.skip(f"no {', '.join(missing_programs())} here")

    assert probe(engine, ensure_image(engine)) == Probe()
    assert engine.containers({GATE: "probe"}) == []


@pytest.mark.slow
def test_an_engine_that_gives_no_net_admin(engine: DockerEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    if missing_programs():
        pytest.skip(f"no {', '.join(missing_programs())} here")
    monkeypatch.setattr(probing, "CAPABILITIES", ("NET_BIND_SERVICE",))

    found = probe(engine, ensure_image(engine))

    assert found.missing == "NET_ADMIN"
    assert "Operation not permitted" in found.said


@pytest.mark.parametrize(("code", "missing"), STEPS.items())
def test_each_step_says_what_is_missing(code: int, missing: str) -> None:
    answers = {f"/bin/sh -c {SCRIPT}": ExecResult(code, b"", b"why\nmore\n")}
    engine = FakeEngine(VirtualClock(), {"": Behaviour(answers=answers)}, images=["gate"])

    assert probe(engine, "gate") == Probe(missing, "why")
    assert engine.containers({}) == []


def test_an_engine_that_makes_no_such_container() -> None:
    engine = FakeEngine(VirtualClock(), {"": Behaviour(start_refused="invalid capability")}, images=["gate"])

    assert probe(engine, "gate") == Probe("container", "invalid capability")
    assert engine.containers({}) == []
