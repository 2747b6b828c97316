"""The standby process as commands see it: the same results, and after any failure the command runs by itself."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from stackferry.standby import call
from stackferry.standby.message import READY
from tests.stackferry.standby.place import SECONDS, place, standby


@pytest.fixture(scope="module")
def there():
    with place() as found, standby(found):
        (found.folder / "compose.yaml").write_text("services: {web: {image: nginx}}\n")
        yield found


@pytest.fixture
def alone():
    """A place whose standby process the test begins, and may harm."""
    with place() as found:
        yield found


@pytest.mark.parametrize(
    ("line", "is_answered"),
    [
        (["ls"], True),
        (["ls", "--format", "json"], True),
        (["ps"], True),
        (["-p", "none", "ps"], True),
        (["stack", "ps", "none"], True),
        (["node", "ls"], True),
        (["service", "ps", "none"], True),
        (["-f", "missing.yaml", "ps"], True),
        # Typer's, other commands, and what would not end at once.
        (["ps", "--wrong"], False),
        (["ps", "--help"], False),
        (["config", "--services"], False),
        (["-f", "-", "ps"], False),
        (["up"], False),
    ],
)
def test_a_command_says_the_same_with_it_and_without(there, line, is_answered):
    away = {"DOCKER_HOST": f"unix://{there.folder}/no-engine"}
    with_it, without = there.run(*line, **away), there.run(*line, STACKFERRY_STANDBY="off", **away)

    assert (with_it.returncode, with_it.stdout, with_it.stderr) == (
        without.returncode,
        without.stdout,
        without.stderr,
    )
    assert there.is_answered(*line, **away) == is_answered


def test_a_command_is_answered_for_where_it_was_typed(there):
    """Folder, environment and a file's relative path are those of the command."""
    (there.folder / "other").mkdir()
    (there.folder / "other" / "compose.yaml").write_text("name: otherwise\nservices: {web: {image: nginx}}\n")
    words = there.command("ps")
    done = subprocess.run(
        words, cwd=there.folder / "other", env=there.environment, capture_output=True, text=True, check=False
    )

    assert "otherwise" in done.stderr
    assert "elsewhere" in there.run("ps", COMPOSE_PROJECT_NAME="elsewhere").stderr


@pytest.mark.parametrize(
    ("target", "words"),
    [("> /dev/full", "No space left on device\n1 1\n"), (">&-", "Bad file descriptor\n1 1\n"), ("| cat >&2", "0 0\n")],
)
def test_output_that_cannot_be_written_is_told_as_without_it(there, target, words):
    line = f"{sys.executable} -P -m stackferry ls {target}; echo $? ${{PIPESTATUS[0]}} >&2"

    def run(**more: str) -> str:
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=there.folder,
            env={**there.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stderr

    found = run()

    assert found.endswith(words)
    assert run(STACKFERRY_STANDBY="off").endswith(words)


def test_other_surroundings_are_not_answered_for(there):
    assert not there.is_answered("ls", PYTHONUTF8="1")
    assert not there.is_answered("ls", PYTHONHASHSEED="7")
    assert not there.is_answered("ls", STACKFERRY_STANDBY="off")


def test_nobody_else_is_given_the_environment(tmp_path, monkeypatch):
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        monkeypatch.setattr(call, "address", lambda _: str(path))
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
        heard: list[bytes] = []

        def listen() -> None:
            with listener.accept()[0] as channel:
                channel.sendall(READY)
                heard.append(channel.recv(100))

        thread = threading.Thread(target=listen)
        thread.start()
        assert call.answer(["ls"]) is None
        thread.join(SECONDS)
        assert heard == [b""]


def test_one_that_nobody_listens_at_is_done_without(tmp_path, monkeypatch):
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
    monkeypatch.setattr(call, "address", lambda _: str(path))

    assert call.answer(["ls"]) is None


def test_one_that_does_not_answer_is_done_without(alone):
    with standby(alone) as server:
        os.kill(server.pid, signal.SIGSTOP)
        _spares(server.pid, signal.SIGSTOP)
        done = alone.run("ls")
        _spares(server.pid, signal.SIGCONT)
        os.kill(server.pid, signal.SIGCONT)

    assert done.returncode == 0
    assert done.stdout.startswith("NAME")


def test_a_child_that_is_killed_while_it_waits_has_a_successor(alone):
    with standby(alone) as server:
        _spares(server.pid, signal.SIGKILL)

        assert alone.eventually_answered("ls")
        assert server.poll() is None


def test_it_ends_with_whoever_began_it(alone):
    with standby(alone) as server:
        assert alone.is_answered("ls")
        assert server.stdin is not None
        server.stdin.close()
        server.stdin = None

        assert server.wait(SECONDS) == 0
    assert not alone.socket.exists()
    assert alone.run("ls").returncode == 0


def test_a_program_that_was_changed_runs_by_itself_and_the_old_one_ends(alone):
    import stackferry.standby.keeper as changed

    state = os.stat(changed.__file__)
    with standby(alone) as server:
        try:
            # Of all its modules, one that the standby process has not loaded makes no difference.
            os.utime(changed.__file__)
            assert alone.is_answered("ls")
        finally:
            os.utime(changed.__file__, ns=(state.st_atime_ns, state.st_mtime_ns))
        streams = f"{os.path.dirname(os.path.dirname(changed.__file__))}/streams.py"
        state = os.stat(streams)
        try:
            os.utime(streams)

            assert not alone.is_answered("ls")
            assert server.wait(SECONDS) == 0
        finally:
            os.utime(streams, ns=(state.st_atime_ns, state.st_mtime_ns))


def test_ctrl_c_ends_the_command_there_and_here(alone):
    """The engine takes the call and never answers."""
    (alone.folder / "compose.yaml").write_text("services: {web: {image: nginx}}\n")
    with standby(alone) as server, socket.socket(socket.AF_UNIX) as engine:
        engine.bind(f"{alone.folder}/engine")
        engine.listen()
        engine.settimeout(SECONDS)
        command = subprocess.Popen(
            alone.command("up", "-d"),
            cwd=alone.folder,
            env={**alone.environment, "DOCKER_HOST": f"unix://{alone.folder}/engine"},
            stderr=subprocess.PIPE,
        )
        asked, _ = engine.accept()
        before = _children(server.pid)
        command.send_signal(signal.SIGINT)

        assert command.wait(SECONDS) == 130
        assert command.communicate(timeout=SECONDS) == (None, b"")
        deadline = time.monotonic() + SECONDS
        while len(_children(server.pid)) >= len(before) > 1:
            assert time.monotonic() < deadline
        asked.close()


def _children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def _spares(pid: int, number: signal.Signals) -> None:
    for child in _children(pid):
        os.kill(child, number)
