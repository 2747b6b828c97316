"""A child process that becomes the manager: what it inherits from the command that started it, and what not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stackferry.emulator.store.directories import Home
from tests.conftest import ROOT

SCRIPT = """
import os, sys, threading
from pathlib import Path
from stackferry.emulator.manager.background import fork
from stackferry.emulator.manager.supervision import Supervision
from stackferry.emulator.store.directories import Home

def run():
    print("cwd", os.getcwd(), "session", os.getsid(0) == os.getpid())
    print("open", sorted(int(fd) for fd in os.listdir("/proc/self/fd"))[:-1])
    print("input", sys.stdin.read() == "", file=sys.stderr)
    sys.stdout.flush()
    {end}

print("told before")
if {thread}:
    threading.Thread(target=threading.Event().wait, daemon=True).start()
held = os.open(os.devnull, os.O_RDONLY)
begun = fork(Home(Path({home!r})), run, Supervision(("manager",), alone={alone}), dict(os.environ))
if begun is None:
    sys.exit("not safe")
while (code := begun.poll()) is None:
    pass
print("code", code, begun.poll())
"""


def play(folder: Path, end: str = "", *, thread: bool = False, alone: bool = False) -> tuple[str, str, str]:
    """Output, errors and the log."""
    script = SCRIPT.format(home=str(folder), end=end, thread=thread, alone=alone)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], input="x", capture_output=True, text=True, timeout=30, env=environment
    )
    log = Home(folder).log
    return done.stdout, done.stderr, log.read_text(encoding="utf-8") if log.exists() else ""


@pytest.mark.parametrize("alone", [False, True])
def test_the_child_stands_alone_and_writes_to_the_log(tmp_path: Path, alone: bool) -> None:
    out, err, log = play(tmp_path, alone=alone)

    assert (out, err) == ("told before\ncode 0 0\n", "")
    # The third is the listing's own; a supervisor sees by the one before that its manager lives.
    shown = "open [0, 1, 2]" if alone else "open [0, 1, 2, 3]"
    assert sorted(log.splitlines()) == ["cwd / session True", "input True", shown]


@pytest.mark.parametrize("end", ["raise ValueError('lost')", "sys.exit(3)"])
def test_whatever_ends_the_child_is_in_the_log_and_never_returns(tmp_path: Path, end: str) -> None:
    out, err, log = play(tmp_path, end, alone=True)

    assert (out, err) == ("told before\ncode 1 1\n", "")
    assert "Traceback" in log


def test_one_that_crashed_is_not_started_again_without_a_stack(tmp_path: Path) -> None:
    out, err, log = play(tmp_path, "raise ValueError('lost')")

    assert (out, err) == ("told before\ncode 0 0\n", "")
    assert "Traceback" in log
    assert "restarting it" not in log


def test_with_threads_there_is_no_fork(tmp_path: Path) -> None:
    assert play(tmp_path, thread=True) == ("told before\n", "not safe\n", "")
