"""`depends_on.restart`: who is restarted after what, when, and how often."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackferry.emulator.cluster.objects import Service, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.change import alone, stop_service, with_service
from stackferry.emulator.control.convergence import progress
from stackferry.emulator.control.progress import Standing
from stackferry.emulator.orchestrator.reconcile import reconcile
from tests.emulator.scenario import Scenario

STACK = """
service db update.monitor=1 version=1 starts=0.5
service web replicas=2 after=db:service_started follows=db update.monitor=1
service far after=web:service_started follows=web update.monitor=1
service other after=db:service_started update.monitor=1
run 30
"""


def played(script: str) -> Scenario:
    it = Scenario()
    it.play(script)
    return it


def service(it: Scenario, name: str) -> Service:
    return it.world.cluster.services[it.id_of(name)]


def made(it: Scenario, name: str) -> list[Task]:
    """All tasks of a service that there were, oldest first."""
    return [task for task in it.world.cluster.tasks.values() if task.service_id == it.id_of(name)]


def counts(it: Scenario) -> dict[str, int]:
    return {name: len(made(it, name)) for name in ("db", "web", "far", "other")}


BEFORE = {"db": 1, "web": 2, "far": 1, "other": 1}
RESTARTED = {"db": 2, "web": 4, "far": 2, "other": 1}


@pytest.mark.parametrize("change", ["force db", "service db version=2"])
def test_it_is_restarted_after_an_update(change: str) -> None:
    it = played(f"{STACK}\n{change}\nrun 30")

    assert counts(it) == RESTARTED
    new_db, first_web = made(it, "db")[-1], made(it, "web")[2]
    # Not before the new one runs.
    assert first_web.created_at >= new_db.at
    assert made(it, "far")[-1].created_at >= made(it, "web")[-1].at
    for name in BEFORE:
        assert progress(it.world.cluster, service(it, name)).standing is Standing.CONVERGED
        assert service(it, name).behind == {}


@pytest.mark.parametrize(
    "change",
    ["crash db.1", "scale db 2", "service db update.delay=1.0", "node n1 availability=drain\nnode n2", "force other"],
)
def test_nothing_else_restarts_it(change: str) -> None:
    it = played(f"{STACK}\nnode n2\n{change}\nrun 30")

    ended = [task for task in made(it, "web") if task.ended]
    assert len(ended) == (2 if "drain" in change else 0)
    assert service(it, "web").spec.task.force == 0


def test_what_is_updated_with_it_is_replaced_once() -> None:
    """It waits for the other, whichever comes first."""
    it = played(f"{STACK}\nservice web version=2\nservice db version=2\nservice far version=2\nrun 60")

    assert counts(it) == RESTARTED
    assert {it.world.behaviour(task).version for task in made(it, "web")[2:]} == {"2"}


def test_those_who_wait_say_for_what() -> None:
    it = played(f"{STACK}\nservice db version=2 starts=5\nservice web version=2\nrun 1")

    found = progress(it.world.cluster, service(it, "web"))
    assert (found.standing, str(found.waits_for)) == (Standing.WORKING, "waiting to restart after db")


def test_the_condition_holds_of_the_new_tasks() -> None:
    """Healthy, and complete: what the old ones were does not count."""
    it = played(
        """
        service db condition=none lives=1 exit=0 update.monitor=1
        service sick health=0.5:healthy,9:healthy update.monitor=1
        service web after=db:service_completed_successfully,sick:service_healthy follows=db,sick update.monitor=1
        run 20
        service db lives=4
        run 3
        """
    )
    assert len(made(it, "web")) == 1
    it.play("run 20")
    assert len(made(it, "web")) == 2
    assert made(it, "web")[-1].created_at >= made(it, "db")[-1].at

    it.play("service sick health=6:healthy\nrun 4")
    assert len(made(it, "web")) == 2
    it.play("run 20")
    assert len(made(it, "web")) == 3


def test_a_rollback_of_the_other_is_one_more() -> None:
    it = played(f"{STACK}\nservice db version=2\nrun 20\nrollback db\nrun 20")
    assert counts(it)["web"] == 6
    it = played(f"{STACK}\nservice db version=2 lives=0.9 exit=1 update.failure_action=rollback delay=0.1\nrun 60")

    assert service(it, "db").update is not None
    assert progress(it.world.cluster, service(it, "web")).standing is Standing.CONVERGED
    # Whether or not it was restarted after the one that failed: last of all, after the one that runs.
    assert made(it, "web")[-1].created_at >= made(it, "db")[-1].at


def test_alone() -> None:
    it = played(STACK)
    it.do_force("db")
    it.world.cluster = alone(it.world.cluster, it.id_of("db"))
    it.play("run 30")
    assert counts(it) == {**BEFORE, "db": 2}
    # The next one counts again.
    it.play("force db\nrun 30")
    assert counts(it)["web"] == 4


def test_what_is_stopped_meanwhile_has_nothing_to_catch_up_with() -> None:
    it = played(STACK)
    it.world.cluster = stop_service(it.world.cluster, it.id_of("web"))
    it.play("run 5\nforce db\nrun 30")
    web = service(it, "web")
    assert (web.behind, web.spec.task.force) == ({}, 0)

    it.world.cluster = with_service(it.world.cluster, replace(web, behind={"db": 1}))
    it.play("run 1")
    assert service(it, "web").behind == {}


def test_one_that_is_paused_waits_for_its_user() -> None:
    it = played(f"{STACK}\nservice web version=2 lives=0.5 exit=1 delay=30\nrun 10\nforce db\nrun 20")

    assert service(it, "web").behind.keys() == {"db"}
    assert progress(it.world.cluster, service(it, "web")).standing is Standing.STUCK


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ("force db", "force web", "service db version={}", "service web version={}", "scale other 2")
            ),
            st.floats(0.0, 4.0),
        ),
        max_size=8,
    )
)
def test_it_comes_to_rest_with_everything_new(commands: list[tuple[str, float]]) -> None:
    """However updates fall together: nobody waits for ever, and nobody runs on against what was replaced."""
    it = played(STACK)
    for number, (command, seconds) in enumerate(commands):
        it.play(f"{command.format(number + 2)}\nrun {seconds}")
        again = reconcile(it.world.cluster, it.world.now, it.world.chance).cluster
        assert again == it.world.cluster
    it.play("run 120")

    for deployed in it.world.cluster.services.values():
        assert progress(it.world.cluster, deployed).standing is Standing.CONVERGED, deployed.spec.name
        assert deployed.behind == {}
    (db,) = (task for task in made(it, "db") if task.state == TaskState.RUNNING)
    assert all(task.created_at >= db.at for task in made(it, "web") if task.state == TaskState.RUNNING)
