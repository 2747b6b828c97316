from stackferry.emulator.cluster.labels import HELPER, STACK
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.webnet.leftovers import Leftovers


def test_what_a_dead_manager_left_is_swept_once() -> None:
    engine = FakeEngine(VirtualClock(), images=["gate"])
    for name in ("s.gate.s_a", "s_old.ingress", "s.return.1"):
        engine.create(name, {"Image": "gate", "Labels": {STACK: "s", HELPER: "t"}})
    leftovers = Leftovers(engine)
    for info in engine.containers({STACK: "s"}):
        leftovers.note(info)

    for thread in leftovers.sweep({"s.gate.s_a"}):
        thread.join()
    assert leftovers.sweep(set()) == []

    assert [one.name for one in engine.containers({STACK: "s"})] == ["s.gate.s_a"]
