"""`run`, `attach` and `exec` on a terminal: the user detaches, or the connection breaks; against docker."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stackferry.emulator.cluster.labels import TASK_ID
from tests.compose5.peer import docker_compose
from tests.engine.fixtures import engine, stack
from tests.engine.stack import Stack
from tests.engine.terminal import Terminal
from tests.swarm.image import NAME

__all__ = ["engine", "stack"]

COMPOSE = f"""
services:
  web:
    image: {NAME}
    entrypoint: [/bin/sh]
    tty: true
    stdin_open: true
    stop_grace_period: 0s
"""

LEAVE = "\x10\x11"
STACKFERRY = [sys.executable, "-P", "-m", "stackferry"]

Open = Callable[..., Terminal]


@pytest.fixture
def at(stack: Stack) -> Iterator[Open]:
    """`at("exec", "web", "sh")`: the command on a terminal. `program` is another than ours."""
    opened = []

    def begin(*words: str, program: list[str] | None = None) -> Terminal:
        command = [*(STACKFERRY if program is None else program), *words]
        opened.append(Terminal(command, stack.folder, stack.environment))
        return opened[-1]

    yield begin
    for terminal in opened:
        terminal.close()


def task(stack: Stack) -> str:
    (found,) = stack.running()
    return found.id


def one_offs(stack: Stack) -> list[str]:
    return [one.id for one in stack.containers() if TASK_ID not in one.labels and one.tty]


def knows_its_terminal(terminal: Terminal) -> None:
    terminal.type("echo $((6*7))-$(busybox tty)\r")
    terminal.until("42-/dev/")


@pytest.mark.slow
def test_run_is_left_running(stack: Stack, at: Open) -> None:
    terminal = at("run", "--no-deps", "web")
    knows_its_terminal(terminal)
    terminal.type(LEAVE)

    assert terminal.ended() == 0
    assert terminal.restored
    assert b"Traceback" not in terminal.shown
    (left,) = one_offs(stack)
    info = stack.engine.inspect(left)
    assert info is not None
    assert info.running
    assert f"left running: {info.name}; reattach with `docker attach {info.name}`".encode() in terminal.shown
    # So it does, and it ends with its process.
    back = at("attach", left, program=["docker"])
    knows_its_terminal(back)
    back.type("exit 5\r")
    assert back.ended() == 5


@pytest.mark.slow
def test_what_removes_itself_does_so_after_it_was_left(stack: Stack, at: Open) -> None:
    terminal = at("run", "--rm", "web")
    knows_its_terminal(terminal)
    terminal.type(LEAVE)
    assert terminal.ended() == 0
    (left,) = one_offs(stack)
    stack.engine.kill(left, "SIGKILL")

    stack.eventually(lambda: stack.engine.inspect(left) is None)


@pytest.mark.slow
def test_run_ends_with_its_process(stack: Stack, at: Open) -> None:
    for words in (["run"], ["run", "--rm"]):
        terminal = at(*words, "web")
        knows_its_terminal(terminal)
        terminal.type("exit 6\r")

        assert terminal.ended() == 6
        assert terminal.restored
        assert one_offs(stack) == []


@pytest.mark.slow
@pytest.mark.parametrize(("words", "keys"), [((), LEAVE), (("--detach-keys", "ctrl-x,x"), "\x18x")])
@pytest.mark.parametrize("command", ["attach", "exec"])
def test_attach_and_exec_are_left(stack: Stack, at: Open, command: str, words: tuple[str, ...], keys: str) -> None:
    stack.ok("up", "-d", "-q")
    terminal = at(command, *words, "web", *(["sh"] if command == "exec" else []))
    knows_its_terminal(terminal)
    if words:
        # The engine's own keys are others now, too: these reach the process.
        terminal.type(f"{LEAVE}\x03")
        knows_its_terminal(terminal)
    terminal.type(keys)

    assert terminal.ended() == 0
    assert terminal.restored
    assert b"read escape sequence" in terminal.shown
    assert task(stack)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["attach", "exec", "run"])
def test_a_connection_that_breaks_off(stack: Stack, at: Open, command: str) -> None:
    """The container is killed and removed under the session."""
    if command == "run":
        terminal = at("run", "web")
        knows_its_terminal(terminal)
        (gone,) = one_offs(stack)
    else:
        stack.ok("up", "-d", "-q")
        gone = task(stack)
        terminal = at(command, "web", *(["sh"] if command == "exec" else []))
        knows_its_terminal(terminal)

    stack.engine.remove(gone)
    code = terminal.ended()

    assert code in (1, 137)
    assert terminal.restored
    assert b"Traceback" not in terminal.shown
    terminal.type("a")


@pytest.mark.slow
def test_as_docker_compose_does(stack: Stack, at: Open, tmp_path: Path) -> None:
    """Exit code, terminal, and what is left, of `run` and `exec` that are left with the default keys."""
    program = docker_compose()
    project = f"{stack.name}p"
    stack.environment["COMPOSE_PROJECT_NAME"] = project
    compose = [str(program)]
    try:
        terminal = at("run", "web", program=compose)
        knows_its_terminal(terminal)
        terminal.type(LEAVE)
        ran = (terminal.ended(), terminal.restored)
        left = _names(stack, project, "{{.State}}")
        subprocess.run([*compose, "up", "-d"], cwd=stack.folder, env=stack.environment, check=True, capture_output=True)
        terminal = at("exec", "web", "sh", program=compose)
        knows_its_terminal(terminal)
        terminal.type(LEAVE)
        executed = terminal.ended()
    finally:
        down = [*compose, "down", "-t", "0", "--remove-orphans"]
        subprocess.run(down, cwd=stack.folder, env=stack.environment, check=True, capture_output=True)
        stack.environment["COMPOSE_PROJECT_NAME"] = stack.name

    assert (ran, left) == ((0, True), ["running"])
    # Docker compose tells of the keys as of an error; to us, to be left is what they were typed for.
    assert executed in (0, 1)


def _names(stack: Stack, project: str, what: str) -> list[str]:
    listed = subprocess.run(
        ["docker", "ps", "-a", "--filter", f"label=com.docker.compose.project={project}", "--format", what],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    return listed.stdout.split()
