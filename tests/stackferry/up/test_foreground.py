"""`up` in the foreground on the real engine: it prints tasks' output, and one task's end can stop all."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.manager.lock import manager_pid
from tests.engine.fixtures import engine
from tests.engine.image import import_busybox
from tests.engine.stack import Stack
from tests.engine.terminal import Terminal

__all__ = ["engine"]


@pytest.fixture
def stack(engine: DockerEngine, tmp_path: Path) -> Iterator[Stack]:
    """A service that runs on, and a test that ends."""
    image = import_busybox(engine)
    common = f"image: {image}, network_mode: none, stop_grace_period: 0s"
    it = Stack(
        engine,
        tmp_path,
        f"""
services:
  web: {{{common}, command: [sh, -c, "echo serving; sleep 300"]}}
  test: {{{common}, restart: "no", command: [sh, -c, "echo testing >&2; sleep 1; exit 5"]}}
""",
    )
    yield it
    it.close()


@pytest.mark.parametrize("words", [("--abort-on-container-exit",), ("--exit-code-from", "test")])
def test_the_end_of_a_task_ends_all(stack: Stack, words: tuple[str, ...]) -> None:
    for _ in range(2):
        # The second time all is stopped at first: it runs again, also what is not restarted by itself.
        done = stack.run("up", *words)

        assert done.returncode == 5, done.stderr
        assert done.stdout == "web.1   | serving\n"
        assert "test.1  | testing\n" in done.stderr
        assert "has exited: stopping all\n" in done.stderr
        assert stack.running() == []


def test_nobody_reads_any_more(stack: Stack) -> None:
    """`up | head -1`: the stack runs on, with a manager."""
    quiet = (stack.folder / "compose.yaml").read_text(encoding="utf-8")
    stack.write(quiet.replace("sleep 300", "while sleep 0.2; do echo y; done"))
    up = stack.start("up")
    assert up.stdout is not None
    assert up.stdout.readline() == "web.1   | serving\n"
    up.stdout.close()

    assert up.wait(60) == 1
    assert up.stderr is not None
    up.stderr.close()
    stack.eventually(lambda: manager_pid(stack.home) is not None)
    assert len(stack.running()) >= 1


def test_the_output_as_wanted(stack: Stack) -> None:
    """Of what is asked for, without names, with times."""
    words = ("--no-attach", "test", "--no-log-prefix", "--timestamps", "--no-color", "-V")
    done = stack.run("up", "--abort-on-container-exit", *words)

    time, _, text = done.stdout.rstrip("\n").partition(" ")
    assert (time[-1], text) == ("Z", "serving")
    assert "testing" not in done.stderr


def test_beside_a_manager_in_the_background(stack: Stack) -> None:
    """It does the work and outlives this; Ctrl-C stops the services nevertheless."""
    stack.run("up", "-d", "test")
    manager = manager_pid(stack.home)
    up = stack.start("up")
    assert up.stdout is not None
    assert up.stdout.readline() == "web.1   | serving\n"
    up.send_signal(signal.SIGINT)

    _, said = up.communicate(timeout=60)
    assert up.returncode == 130, said
    assert f"(process {manager}); continuing with this one\n" in said
    assert stack.running() == []
    assert manager_pid(stack.home) == manager

    done = stack.run("up", "--abort-on-container-exit")
    assert done.returncode == 5, done.stderr
    assert stack.running() == []


def test_the_second_interrupt_ends_it_at_once(stack: Stack) -> None:
    """Whatever grace a task has that it was told to end."""
    image = import_busybox(stack.engine)
    trap = "trap 'echo deaf' TERM; echo begun; while :; do sleep 0.1; done"
    common = f"image: {image}, network_mode: none, stop_grace_period: 30s"
    stack.write(f'services: {{web: {{{common}, command: [sh, -c, "{trap}"]}}}}\n')
    up = stack.start("up")
    assert up.stdout is not None
    for said in ("begun", "deaf"):
        assert up.stdout.readline() == f"web.1  | {said}\n"
        up.send_signal(signal.SIGINT)
    begun = time.monotonic()

    up.communicate(timeout=60)
    assert up.returncode == 130
    assert time.monotonic() - begun < 10
    stack.ok("down", "-t", "0")


def test_it_ends_with_the_stack_beside_a_manager(stack: Stack) -> None:
    stack.ok("up", "-d", "web")
    up = stack.start("up", "web")
    assert up.stderr is not None
    while up.stderr.readline() != f"✔ {stack.name}_web 1/1\n":
        pass
    stack.ok("down")

    up.communicate(timeout=60)
    assert up.returncode == 0


def test_on_a_terminal_output_is_seen_before_all_has_converged(stack: Stack) -> None:
    """Of a service that does not get healthy, it tells why; the progress is below it."""
    image = import_busybox(stack.engine)
    stack.write(
        f"services: {{web: {{image: {image}, network_mode: none, stop_grace_period: 0s, "
        "command: [sh, -c, 'echo no database; sleep 300'], healthcheck: {test: [CMD, 'false'], start_period: 300s}}}\n"
    )
    ours, theirs = os.openpty()
    up = subprocess.Popen(
        [sys.executable, "-P", "-m", "stackferry", "up"],
        cwd=stack.folder, env=stack.environment, stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    late = threading.Timer(60, up.send_signal, [signal.SIGINT])
    late.start()
    said = b""
    while b"not yet healthy" not in said.partition(b"no database")[2]:
        said += os.read(ours, 65536)
    late.cancel()
    up.send_signal(signal.SIGINT)
    with suppress(OSError):
        while os.read(ours, 65536):
            pass

    assert up.wait(60) == 130
    os.close(ours)


def test_a_crash_loop_is_told_and_what_runs_counts_by_itself(stack: Stack) -> None:
    """Nothing happens any more when a task has run for long enough."""
    image = import_busybox(stack.engine)
    common = f"image: {image}, network_mode: none, stop_grace_period: 0s"
    stack.write(f"services: {{web: {{{common}, command: [sleep, '300']}}}}\n")
    seen = {"web 1/1\n": "✔", "keeps exiting: task: non-zero exit (3)\n": "✘"}
    for number, (text, mark) in enumerate(seen.items()):
        if number:
            crash = "command: [sh, -c, 'sleep 0.3; exit 3'], deploy: {restart_policy: {delay: 0s}}"
            stack.write(f"services: {{web: {{{common}, {crash}}}}}\n")
        up = stack.start("up")
        assert up.stderr is not None
        late = threading.Timer(60, up.kill)
        late.start()
        line = next(one for one in up.stderr if one.startswith(mark))
        late.cancel()
        up.send_signal(signal.SIGINT)
        up.communicate(timeout=60)
        assert line.endswith(text)
        stack.ok("down", "-t", "0")


def test_the_end_is_shown_as_the_beginning(stack: Stack) -> None:
    """Ctrl-C, `stop` and `down` on a terminal: a block of services, with the time, and no event as it is stored."""
    text = (stack.folder / "compose.yaml").read_text(encoding="utf-8")
    slow = "trap 'sleep 1.5; exit 0' TERM; echo serving; while :; do sleep 0.1; done"
    stack.write(
        text.replace("stop_grace_period: 0s", "stop_grace_period: 20s").replace(
            'command: [sh, -c, "echo serving; sleep 300"]', f'command: [sh, -c, "{slow}"]'
        )
    )
    environment = {**stack.environment, "TERM": "xterm"}

    def on_terminal(*words: str) -> Terminal:
        opened.append(Terminal([sys.executable, "-P", "-m", "stackferry", *words], stack.folder, environment))
        return opened[-1]

    opened: list[Terminal] = []
    try:
        up = on_terminal("up", "web")
        up.until("services 1/1")
        up.type("\x03")
        up.until("stopping; press Ctrl-C again to leave the rest running")
        seen_of(up, "stopp", 130)

        stack.ok("up", "-d", "web")
        seen_of(on_terminal("stop"), "stopp", 0)
        stack.ok("up", "-d", "web")
        seen_of(on_terminal("down"), "remov", 0)
    finally:
        for terminal in opened:
            terminal.close()


def seen_of(terminal: Terminal, doing: str, code: int) -> None:
    terminal.until(f"services 0/1 {doing}ed  0s")
    terminal.until(f"_web 0/1 [{' ' * 24}]  {doing}ing")
    terminal.until(f"services 1/1 {doing}ed")
    terminal.until(f"_web 1/1 [{'=' * 24}]  {doing}ed")

    assert terminal.ended() == code
    assert b"task " not in terminal.shown
