"""The display of a stack whose manager is dead: the engine's state, and a line that says so."""

import os
from dataclasses import replace

import pytest

from stackferry.emulator.engine.protocol import EngineAwayError
from stackferry.emulator.manager.lock import ManagerLock
from stackferry.emulator.manager.supervisor import claim
from stackferry.emulator.store.directories import home
from tests.stackferry.conftest import NOW, identity

ALONE = "no manager of shop is running"


def killed(info):
    return replace(info, status="exited", exit_code=137, finished_at=NOW - 180)


def removed(_info):
    return None


@pytest.mark.parametrize(
    ("change", "when", "shown"),
    [
        (killed, "3 minutes ago", "task: non-zero exit (137)"),
        (removed, "less than a second ago", "task: the container was removed"),
    ],
)
def test_a_task_that_died_unseen_has_failed(running, stackferry, on_engine, change, when, shown):
    on_engine.changed[identity("t2")] = change

    services = stackferry("services", "--format", "{{.Name}} {{.Replicas}}")
    tasks = stackferry("ps", "--no-trunc", "--format", "{{.Name}} {{.CurrentState}} {{.Error}}", "web")
    listed = stackferry("ls")

    assert "shop_web 1/3 (max 3 per node)\n" in services.out
    line = next(one for one in tasks.out.splitlines() if one.startswith("shop_web.2 "))
    assert f"Failed {when}" in line
    assert shown in line
    assert "running(3)" in listed.out
    for said in (services, tasks, listed):
        assert said.err.count(ALONE) == 1
        assert "stackferry manager start shop" in said.err


def test_other_lists_are_as_true(running, stackferry, on_engine):
    on_engine.changed[identity("t2")] = killed

    for words in (("stack", "ps", "shop"), ("service", "ps", "web"), ("node", "ps")):
        assert "non-zero exit (137)" in stackferry(*words, "--no-trunc").out, words
    for words in (("stack", "services", "shop"), ("service", "ls")):
        assert "1/3" in stackferry(*words).out, words


def test_nothing_is_asked_while_a_manager_lives(running, stackferry, on_engine):
    on_engine.changed[identity("t2")] = killed
    lock = ManagerLock(home(os.environ, "shop"))
    assert lock.acquire()
    try:
        for words in (("services",), ("ps",), ("ls",), ("service", "ls"), ("node", "ps")):
            done = stackferry(*words)
            assert (done.code, done.err) == (0, ""), words
            assert "non-zero exit (137) " not in done.out
    finally:
        lock.release()
    assert on_engine.asked == 0


def test_nor_for_names_alone(running, stackferry, on_engine):
    for words in (("services", "-q"), ("service", "ls", "-q"), ("ls", "-q")):
        assert stackferry(*words).err == ""
    assert on_engine.asked == 0


def test_an_engine_that_is_away_is_told_and_the_rest_is_shown(running, stackferry, monkeypatch):
    from stackferry import engine

    def away(_session):
        raise EngineAwayError("cannot connect to the Docker daemon")

    monkeypatch.setattr(engine, "connect", away)
    done = stackferry("services")

    assert done.code == 0
    assert "2/3" in done.out
    (line,) = done.err.splitlines()
    assert line.startswith(ALONE)
    assert line.endswith("the engine does not respond: showing the last known state")


def test_a_manager_that_was_killed_is_called_so(running, stackferry, on_engine):
    place = home(os.environ, "shop")
    lock = ManagerLock(place)
    assert lock.acquire()
    # As it is left by a process that is gone.
    lock.release()
    assert (
        f"no manager of shop is running (the last one was killed, see {place.log}): failed tasks are not replaced"
        in stackferry("ps").err
    )

    assert lock.acquire()
    lock.resign()
    lock.release()
    assert "killed" not in stackferry("ps").err


def test_one_that_will_be_back_is_called_so(running, stackferry, on_engine):
    place = home(os.environ, "shop")
    supervisor = claim(str(place.directory))
    assert supervisor is not None
    try:
        assert stackferry("services").err == "the manager of shop is starting\n"
        lock = ManagerLock(place)
        assert lock.acquire()
        lock.release()
        assert stackferry("services").err == "the manager of shop was killed and is being restarted\n"
    finally:
        os.close(supervisor)
