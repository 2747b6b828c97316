"""What only the fake engine has: time, behaviours, faults, crashes. The common part is in test_protocol.py."""

from random import Random

import pytest

from stackferry.emulator.engine.protocol import Engine, EngineError
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import KILLED, FakeEngine
from stackferry.emulator.fake.faults import Fault, FaultList, RandomFaults
from tests.engine.place import refusal

IMAGE = "app:1"


def fake(behaviour: Behaviour | None = None, *faults: Fault, modern: bool = False) -> FakeEngine:
    return FakeEngine(VirtualClock(), {"": behaviour or Behaviour()}, FaultList.of(*faults), [IMAGE], modern=modern)


def running(engine: FakeEngine, name: str = "one") -> str:
    made = engine.create(name, {"Image": IMAGE})
    engine.start(made)
    return made


def test_it_is_an_engine() -> None:
    engine: Engine = fake()

    assert engine.version().name == "fake"


def test_a_life_takes_its_time_on_the_clock() -> None:
    engine = fake(Behaviour(lives=4.0, exit=1))
    made = running(engine)

    engine.clock.advance(3.9)
    assert engine.inspect(made).status == "running"
    engine.clock.advance(0.2)

    info = engine.inspect(made)
    assert (info.status, info.exit_code, info.started_at, info.finished_at) == ("exited", 1, 0.0, 4.0)


def test_a_container_that_ends_at_once_is_still_seen_to_start() -> None:
    engine = fake(Behaviour(lives=0.0))
    made = running(engine)
    assert engine.inspect(made).status == "running"

    engine.clock.advance(0.0)

    assert engine.inspect(made).status == "exited"


def test_what_was_planned_for_an_earlier_run_does_not_happen() -> None:
    engine = fake(Behaviour(lives=4.0))
    made = running(engine)
    engine.clock.advance(3.0)
    engine.kill(made)
    engine.start(made)

    engine.clock.advance(2.0)
    assert engine.inspect(made).status == "running"
    engine.clock.advance(2.0)
    assert engine.inspect(made).finished_at == 7.0


@pytest.mark.parametrize(
    ("behaviour", "ends", "code"),
    [
        (Behaviour(term=0.0, term_exit=5), 0.0, 5),
        (Behaviour(term=2.0, term_exit=5), 2.0, 5),
        (Behaviour(term=None), 10.0, KILLED),
        (Behaviour(term=30.0), 10.0, KILLED),
        (Behaviour(lives=3.0, exit=7, term=None), 3.0, 7),
    ],
)
def test_a_submitted_stop_is_over_when_the_container_has_ended(behaviour: Behaviour, ends: float, code: int) -> None:
    engine = fake(behaviour)
    made = running(engine)

    pending = engine.submit("stop", made, grace=10.0)
    engine.clock.advance(60.0)

    assert (pending.done, pending.error, pending.at) == (True, None, ends)
    assert engine.inspect(made).exit_code == code


def test_submitted_calls_take_as_long_as_the_behaviour_says() -> None:
    engine = fake(Behaviour(prepares=2.0, starts=1.0, lives=5.0, exit=3))
    create = engine.submit("create", "one", {"Image": IMAGE})
    engine.clock.advance(1.9)
    assert (create.done, engine.inspect("one")) == (False, None)
    engine.clock.advance(0.1)
    assert (create.done, create.at) == (True, 2.0)

    start = engine.submit("start", create.result)
    engine.clock.advance(1.0)
    wait = engine.submit("wait", create.result)
    engine.clock.advance(10.0)

    assert (start.at, wait.at, wait.result) == (3.0, 8.0, 3)
    assert str(wait) == "wait one done"


def test_a_submitted_refusal_is_an_error_of_the_pending_call() -> None:
    engine = fake(Behaviour(refused="no such thing"))

    pending = engine.submit("create", "one", {"Image": IMAGE})

    assert pending.done
    assert str(pending) == "create one failed: no such thing"


def test_behaviours_are_found_by_label_variable_image_and_default() -> None:
    rows = {"slow": Behaviour(exit=1), "quick": Behaviour(exit=2), IMAGE: Behaviour(exit=3), "": Behaviour(exit=4)}
    engine = FakeEngine(VirtualClock(), rows, images=[IMAGE, "other"])
    bodies = [
        {"Image": IMAGE, "Labels": {"io.stackferry.behaviour": "slow"}, "Env": ["STACKFERRY_BEHAVIOUR=quick"]},
        {"Image": IMAGE, "Env": ["A=b", "STACKFERRY_BEHAVIOUR=quick"]},
        {"Image": IMAGE},
        {"Image": "other"},
    ]

    made = [engine.create(f"c{number}", body) for number, body in enumerate(bodies)]

    assert [engine.boxes[one].behaviour.exit for one in made] == [1, 2, 3, 4]


def test_a_start_that_fails_leaves_nothing_taken() -> None:
    engine = fake(Behaviour(start_refused="exec format error"))
    made = engine.create("one", {"Image": IMAGE})

    assert refusal(lambda: engine.start(made)).message == "exec format error"

    info = engine.inspect(made)
    assert (info.status, info.exit_code, info.error, info.addresses) == ("created", 127, "exec format error", {})


def test_health_by_the_clock() -> None:
    engine = fake(Behaviour(health=((1.0, "healthy"), (5.0, "unhealthy"), (6.0, "unhealthy"))))
    events = engine.events(None, {})
    made = running(engine)
    states = [engine.inspect(made).health]
    for _ in range(3):
        engine.clock.advance(2.0)
        states.append(engine.inspect(made).health)

    assert states == ["starting", "healthy", "healthy", "unhealthy"]
    assert [(event.at, event.health) for event in events.take() if event.kind == "health"] == [
        (1.0, "healthy"),
        (5.0, "unhealthy"),
    ]


@pytest.mark.parametrize(
    ("modern", "order"),
    [(False, ["kill", "die", "network disconnect", "stop"]), (True, ["kill", "network disconnect", "stop", "die"])],
)
def test_the_order_of_events_is_that_of_the_engines_version(modern: bool, order: list[str]) -> None:
    engine = fake(modern=modern)
    made = running(engine)
    events = engine.events(None, {})

    engine.stop(made)

    assert [event.kind for event in events.take()] == order


def test_addresses_come_back() -> None:
    engine = fake()
    first, second = running(engine, "one"), running(engine, "two")
    assert [engine.inspect(one).addresses["bridge"] for one in (first, second)] == ["172.17.0.2", "172.17.0.3"]

    engine.stop(first)

    assert engine.inspect(running(engine, "three")).addresses == {"bridge": "172.17.0.2"}


def test_a_call_fails_before_or_after_it_is_done() -> None:
    engine = fake(None, Fault("fail", "create", message="disk full"), Fault("fail-after", "create"))

    assert refusal(lambda: engine.create("one", {"Image": IMAGE})).message == "disk full"
    assert engine.inspect("one") is None
    assert refusal(lambda: engine.create("one", {"Image": IMAGE})).status == 500
    assert engine.inspect("one") is not None
    engine.start("one")


def test_a_submitted_call_hangs() -> None:
    engine = fake(None, Fault("hang", "start", seconds=30.0))
    made = engine.create("one", {"Image": IMAGE})

    pending = engine.submit("start", made)
    engine.clock.advance(29.0)
    assert (pending.done, engine.inspect(made).status) == (False, "created")
    engine.clock.advance(1.0)

    assert (pending.done, engine.inspect(made).status) == (True, "running")


@pytest.mark.parametrize(
    ("fault", "kinds"),
    [
        (Fault("lose", "create"), ["network connect", "start"]),
        (Fault("twice", "create"), ["create", "create", "network connect", "start"]),
        (Fault("swap", "create"), ["network connect", "create", "start"]),
        (Fault("late", "create", seconds=0.5), ["network connect", "start", "create"]),
        (Fault("swap", "start"), ["create", "network connect", "start"]),
    ],
)
def test_faults_of_events(fault: Fault, kinds: list[str]) -> None:
    engine = fake(None, fault)
    events = engine.events(None, {})

    running(engine)
    engine.clock.advance(2.0)

    assert [event.kind for event in events.take()] == kinds


def test_a_crash_kills_all_and_tells_nobody() -> None:
    engine = fake(Behaviour(term_exit=0, starts=5.0))
    made = running(engine)
    idle = engine.create("two", {"Image": IMAGE})
    events = engine.events(None, {})
    pending = engine.submit("start", idle)

    engine.crash(down=3.0)

    assert "Docker daemon" in str(pending.error)
    assert refusal(events.take).status == 0
    assert refusal(lambda: engine.inspect(made)).status == 0
    engine.clock.advance(10.0)
    assert (engine.inspect(made).status, engine.inspect(made).exit_code) == ("exited", KILLED)
    assert engine.inspect(idle).status == "created"
    assert list(engine.events(0.0, {}).take()) == []


def test_a_restart_asks_the_containers_to_end() -> None:
    engine = fake(Behaviour(term_exit=3))
    made = running(engine)

    engine.crash(graceful=True)

    assert engine.inspect(made).exit_code == 3


def story(seed: int) -> tuple[list[str], list[str]]:
    chance = Random(seed)
    faults = RandomFaults(chance, {"fail": 0.1, "fail-after": 0.1, "hang": 0.1, "lose": 0.1, "late": 0.1, "swap": 0.1})
    engine = FakeEngine(VirtualClock(), {"": Behaviour(lives=3.0, starts=0.2)}, faults, [IMAGE])
    events = engine.events(None, {})
    for number in range(20):
        engine.submit("create", f"c{number}", {"Image": IMAGE})
        engine.submit("start", f"c{number}")
        engine.clock.advance(1.0)
        engine.submit("remove", f"c{chance.randrange(20)}")
    engine.clock.advance(100.0)
    return [str(event) for event in events.take()], [str(fault) for fault in faults.told]


def test_a_seed_tells_the_same_story_again() -> None:
    assert story(7) == story(7)
    assert story(7) != story(8)
    assert story(7)[1]


def test_images_come_from_the_registry() -> None:
    engine = fake()
    assert "pull access denied" in refusal(lambda: engine.pull("web:2")).message
    engine.registry["web:2"] = engine.add_image("seed")

    engine.pull("web:2")

    assert engine.image("web:2") is not None


def test_a_closed_flow_ends_and_a_full_one_is_read_first() -> None:
    engine = fake()
    events = engine.events(None, {})
    running(engine)
    assert next(events).kind == "create"

    events.close()

    assert list(events) == []
    with pytest.raises(EngineError, match="No such container"):
        engine.wait("absent")
