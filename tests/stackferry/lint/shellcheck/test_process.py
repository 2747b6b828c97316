"""Starting a program and waiting for it: both implementations side by side."""

import os
import signal
import time
from pathlib import Path

import pytest

from stackferry.lint.shellcheck.process import _Opened, _Spawned, start

BOTH = pytest.mark.parametrize("kind", [_Spawned, _Opened])


def shell(kind, folder: Path, script: str, **variables: str):
    return kind(["/bin/sh", "-c", script], variables, str(folder / "out"), str(folder / "err"))


@BOTH
def test_its_output_its_errors_and_its_code(kind, tmp_path) -> None:
    process = shell(kind, tmp_path, "cat; echo $A; echo no >&2; exit 3", A="yes")

    assert process.wait(30.0) == 3
    assert ((tmp_path / "out").read_text(), (tmp_path / "err").read_text()) == ("yes\n", "no\n")
    process.kill()


@BOTH
def test_a_signal_is_a_negative_code(kind, tmp_path) -> None:
    assert shell(kind, tmp_path, "kill -TERM $$").wait(30.0) == -signal.SIGTERM


@BOTH
@pytest.mark.parametrize("seconds", [0.1, 0.0, -1.0])
def test_one_that_takes_too_long_is_ended(kind, seconds, tmp_path) -> None:
    begun = time.monotonic()
    process = shell(kind, tmp_path, "echo $$; exec sleep 600")
    while not (tmp_path / "out").read_text():
        assert time.monotonic() < begun + 60

    assert process.wait(seconds) is None
    assert not os.path.exists(f"/proc/{(tmp_path / 'out').read_text().strip()}")


@BOTH
def test_a_program_that_is_not_there(kind, tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        kind([str(tmp_path / "nowhere")], {}, str(tmp_path / "out"), str(tmp_path / "err"))


def test_the_library_is_not_imported_where_the_system_can_spawn(tmp_path, monkeypatch) -> None:
    files = str(tmp_path / "out"), str(tmp_path / "err")
    spawned = start(["/bin/true"], {}, *files)
    monkeypatch.delattr("os.posix_spawn")
    opened = start(["/bin/true"], {}, *files)

    assert (type(spawned), spawned.wait(30.0)) == (_Spawned, 0)
    assert (type(opened), opened.wait(30.0)) == (_Opened, 0)
