from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.webnet.allocation import allocate, asking
from stackferry.emulator.webnet.desired_gates import webnet
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.emulator.webnet.ports import publish
from stackferry.emulator.webnet.readiness import Attended, Readiness
from stackferry.grammar.diagnostics import StackferryError
from tests.emulator.webnet.stack import cluster, facts, service, task

FACTS = facts("s_a", "s_b")
WEB = service("web", "s_a", "s_b", ports=(PublishedPort(80, 8080),))
TASK = task(WEB, 1)
CLUSTER = publish(allocate(cluster((WEB,), (TASK,)), FACTS), FACTS)
STATE = webnet(CLUSTER, "s", FACTS)


@dataclass
class Gate:
    in_force: GateState | None = None
    error: StackferryError | None = None


def readiness(gates: Mapping[str, Attended]) -> Readiness:
    return Readiness("s", CLUSTER, STATE, FACTS, gates)


def working() -> dict[str, Gate]:
    return {name: Gate(state) for name, state in STATE.gates.items()}


def check(found: Readiness) -> None:
    asked = asking(TASK.template, FACTS)
    assert asked is not None
    found.check(TASK, asked)


def test_all_of_its_gates_work() -> None:
    found = readiness(working())

    assert sorted(working()) == ["s.gate.s_a", "s.gate.s_b", "s_web.ingress"]
    assert found.is_ready(TASK)
    check(found)


@pytest.mark.parametrize("name", STATE.gates)
def test_one_of_them_is_not_there_yet(name: str) -> None:
    for gates in ({key: gate for key, gate in working().items() if key != name}, working() | {name: Gate()}):
        assert not readiness(gates).is_ready(TASK)
        with pytest.raises(StackferryError, match="the gates of s_a, s_b do not respond"):
            check(readiness(gates))


@pytest.mark.parametrize("name", STATE.gates)
def test_one_of_them_cannot_work(name: str) -> None:
    found = readiness(working() | {name: Gate(error=StackferryError("no more addresses"))})

    assert found.is_ready(TASK)
    with pytest.raises(StackferryError, match="no more addresses"):
        check(found)


def test_a_service_without_its_addresses_waits() -> None:
    before = cluster((WEB,), (TASK,))

    assert not Readiness("s", before, STATE, FACTS, working()).is_ready(TASK)
