"""Starting a gate: it is recreated if it cannot be started, with its network attachments."""

import os
import signal
import subprocess
from ipaddress import IPv4Address
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.webnet import gate
from stackferry.emulator.webnet.controller import GateController
from stackferry.emulator.webnet.gate import Gate, GateLostError
from stackferry.emulator.webnet.gate_container import gate_body
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.grammar.diagnostics import StackferryError

SCRIPT = Path(gate.__file__).with_name("gate.sh")


def test_a_gate_that_the_engine_cannot_start_again_is_made_anew() -> None:
    """An engine that was killed says so of containers that its containerd still has."""
    state = GateState("gate", "net", "net", IPv4Address("10.0.0.2"))
    calls: list[str] = []

    class Engine:
        there = True

        def inspect(self, _name: str) -> Any:
            labels = gate_body(state, "s", "image", {})["Labels"]
            return SimpleNamespace(labels=labels, status="exited") if self.there else None

        def create(self, _name: str, _body: object) -> str:
            calls.append("create")
            return "new"

        def start(self, _name: str) -> None:
            calls.append("start")
            if self.there:
                raise EngineError("task 4711: already exists", status=409)

        def remove(self, _name: str) -> None:
            calls.append("remove")
            self.there = False

    engine: Any = Engine()

    assert Gate(engine, "s", "gate", "image", {}).ensure(state)
    assert calls == ["start", "remove", "create", "start"]


def test_the_network_for_its_ports_is_the_stacks_own() -> None:
    """One of that name that somebody else made is neither joined nor removed."""
    state = GateState("s_web.ingress", "s_a", "s_web", outside="s_ingress")
    engine = FakeEngine(VirtualClock(), images=["image"])
    engine.create_network("s_a", {})
    engine.create_network("s_ingress", {})
    controller = GateController(engine, "s", lambda: StackRecord("s"), lambda: None)

    with pytest.raises(StackferryError, match="network s_ingress already exists, and was not created by stackferry"):
        Gate(engine, "s", state.name, "image", {}).ensure(state)
    controller.clear()
    assert engine.inspect_network("s_ingress") is not None

    engine.remove_network("s_ingress")
    assert Gate(engine, "s", state.name, "image", {}).ensure(state)
    assert engine.inspect_network("s_ingress") is not None
    controller.clear()
    assert engine.inspect_network("s_ingress") is None


@pytest.mark.parametrize(("status", "lasts"), [(409, False), (404, False), (500, True)])
def test_a_gate_that_ended_since_it_was_looked_at_is_lost_and_made_again(status: int, lasts: bool) -> None:
    class Engine:
        def exec_stream(self, _name: str, _command: object) -> Any:
            raise EngineError("Container b7d1 is not running", status=status)

    engine: Any = Engine()
    with pytest.raises(StackferryError) as caught:
        Gate(engine, "s", "gate", "image", {}).counters()

    assert isinstance(caught.value, GateLostError) is not lasts


def test_a_gate_has_legs_in_its_own_networks_and_where_it_asks() -> None:
    state = GateState("gate", "net", "net", IPv4Address("10.0.0.2"), farther=("b", "c"))
    calls: list[str] = []

    class Engine:
        def inspect(self, _name: str) -> Any:
            return SimpleNamespace(addresses={"net": "10.0.0.2", "old": "10.1.0.2", "c": "10.2.0.2"})

        def connect(self, network: str, _container: str, _endpoint: object) -> None:
            calls.append(f"connect {network}")

        def disconnect(self, network: str, _container: str) -> None:
            calls.append(f"disconnect {network}")

    engine: Any = Engine()
    Gate(engine, "s", "gate", "image", {}).reach(state)

    assert calls == ["connect b", "disconnect old"]


def test_rules_are_in_force_before_the_addresses_that_they_are_for(tmp_path: Path) -> None:
    """Else a gate that comes back itself refuses who comes in between."""
    (tmp_path / "dead").touch()
    told = "".join(f"{name}() {{ echo {name}; }}\n" for name in ("addresses", "rules", "resolvers"))
    script = SCRIPT.read_text(encoding="utf-8").replace('\n"$@"\n', f"\n{told}apply {tmp_path}\n")

    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["rules", "addresses", "resolvers"]


def test_hardware_of_new_tasks_is_asked_for_before_they_get_anything(tmp_path: Path) -> None:
    """Only of those that it knows other hardware of: the rest costs nothing."""
    (tmp_path / "dead").touch()
    (tmp_path / "fresh").write_text("10.0.0.7\n10.0.0.8\n")
    known = "10.0.0.7 dev eth0 lladdr 02:42:0a:00:00:07 STALE\n10.0.0.70 dev eth0 FAILED\n"
    told = f"ip() {{ [ $# -gt 1 ] && echo $* >&2 || printf '{known}'; }}\nrules() {{ echo rules >&2; }}\n"
    told += "addresses() { :; }\nresolvers() { :; }\n"
    script = SCRIPT.read_text(encoding="utf-8").replace(" >/dev/null 2>&1\n    done", "\n    done")

    done = subprocess.run(
        ["sh", "-c", script.replace('\n"$@"\n', f"\n{told}strays() {{ :; }}\napply {tmp_path}\n")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr.splitlines() == ["neigh flush to 10.0.0.7", "rules"]


def test_the_last_state_waits_while_the_manager_puts_another_in_force(tmp_path: Path) -> None:
    """On a busy machine its command may come first: both at once would spoil each other's rules."""
    run, state = tmp_path / "run", tmp_path / "state"
    (run / "lock").mkdir(parents=True)
    (state / "now").mkdir(parents=True)
    script = SCRIPT.read_text(encoding="utf-8").replace("/run/", f"{run}/").replace("/state/", f"{state}/")
    later = f"apply() {{ echo applied; }}\n(sleep 0.3; echo freed; rmdir {run}/lock) &\nmain\n"

    began = subprocess.Popen(
        ["sh", "-c", script.replace('\n"$@"\n', f"\n{later}")],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert began.stdout
        assert [began.stdout.readline().strip() for _ in range(2)] == ["freed", "applied"]
    finally:
        os.killpg(began.pid, signal.SIGKILL)
        began.communicate()
