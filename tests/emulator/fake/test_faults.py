from random import Random

from stackferry.emulator.fake.faults import Fault, FaultList, RandomFaults


def test_a_list_gives_each_fault_to_the_first_that_it_fits_so_often() -> None:
    plan = FaultList.of(Fault("fail", "start", "web", times=2), Fault("lose", "start"), Fault("hang"))

    assert plan.of_call("start", "web").kind == "fail"
    assert plan.of_call("start", "db").kind == "hang"
    assert plan.of_call("start", "db") is None
    assert plan.of_call("start", "web").kind == "fail"
    assert plan.of_call("start", "web") is None
    assert plan.of_event("die", "web") is None
    assert plan.of_event("start", "web").kind == "lose"
    assert plan.faults == []


def test_chance_keeps_to_its_rates_and_tells_what_it_did() -> None:
    plan = RandomFaults(Random(1), {"fail": 0.25, "lose": 1.0}, calls=frozenset({"start"}))

    failed = sum(plan.of_call("start", "web") is not None for _ in range(1000))

    assert 200 < failed < 300
    assert len(plan.told) == failed
    assert plan.of_call("inspect", "web") is None
    assert plan.of_event("die", "web").kind == "lose"
    plan.active = False
    assert plan.of_event("die", "web") is None


def test_text() -> None:
    assert str(Fault("hang", "start", "web", seconds=2.5)) == "hang start web 2.5s"
    assert str(Fault("lose")) == "lose"
