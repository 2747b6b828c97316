"""A parent process may have closed our streams, or removed our working directory."""

import subprocess
import sys
from pathlib import Path

import pytest

RUN = f"{sys.executable} -P -m stackferry"


def run(line: str, folder: Path) -> tuple[int, str, str]:
    done = subprocess.run(["/bin/sh", "-c", line], cwd=folder, capture_output=True, text=True, timeout=30)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "compose.yaml").write_text("services: {web: {image: x}}\n", encoding="utf-8")
    return tmp_path


def test_a_closed_output_is_an_output_that_cannot_be_written(folder: Path) -> None:
    assert run(f"{RUN} config >&-", folder) == (1, "", "error: cannot write the output: Bad file descriptor\n")


def test_a_closed_error_output_loses_the_message_only(folder: Path) -> None:
    assert run(f"{RUN} config -q 2>&-", folder) == (0, "", "")
    assert run(f"{RUN} -f no.yaml config 2>&-", folder) == (1, "", "")


def test_a_closed_input_is_empty(folder: Path) -> None:
    code, _, said = run(f"{RUN} -f - config <&-", folder)

    assert code == 1
    assert "error[empty]" in said


def test_a_file_that_the_shell_makes_on_the_way(folder: Path) -> None:
    line = f"bash -c '{RUN} -f <(sleep 0.2; cat compose.yaml) config --services'"

    assert run(line, folder) == (0, "web\n", "")


@pytest.mark.parametrize("command", ["config", "--version"])
def test_a_folder_that_is_gone(tmp_path: Path, command: str) -> None:
    code, out, said = run(f"mkdir gone && cd gone && rmdir ../gone && {RUN} {command}", tmp_path)

    assert (code, out) == (1, "")
    assert said == "error: the working directory no longer exists\n  hint: change to one that exists\n"
