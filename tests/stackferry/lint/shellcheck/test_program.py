"""Which ShellCheck is run."""

import os
import subprocess
import sys
from pathlib import Path

from stackferry.lint.shellcheck.program import find


def program(folder: Path, mode: int = 0o755) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "shellcheck"
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return path


def test_the_one_beside_us_comes_first(tmp_path, monkeypatch) -> None:
    own = program(tmp_path / "venv")
    other = program(tmp_path / "bin")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "venv" / "python"))

    assert find({"PATH": str(other.parent)}).path == str(own)
    own.unlink()
    assert find({"PATH": f"/nowhere::{other.parent}"}).path == str(other)


def test_there_may_be_none(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    program(tmp_path / "bin", 0o644)
    (tmp_path / "folder" / "shellcheck").mkdir(parents=True)

    assert find({"PATH": f"{tmp_path}/bin:{tmp_path}/folder"}) is None
    assert find({}) is None
    monkeypatch.setattr(sys, "executable", "")
    assert find({"PATH": ""}) is None


def test_a_relative_folder_in_path_is_made_absolute(tmp_path, monkeypatch) -> None:
    path = program(tmp_path / "bin")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", None)

    assert find({"PATH": "bin"}).path == str(path)


def test_another_program_has_another_identity(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    path = program(tmp_path)
    first = find({"PATH": str(tmp_path)})
    assert find({"PATH": str(tmp_path)}) == first

    os.utime(path, (1, 1))
    second = find({"PATH": str(tmp_path)})
    path.write_text("#!/bin/sh -e\n")
    os.utime(path, (1, 1))

    assert len({first, second, find({"PATH": str(tmp_path)})}) == 3


def test_the_test_dependency_is_found() -> None:
    found = find({})

    assert found is not None
    told = subprocess.run([found.path, "--version"], capture_output=True, text=True).stdout
    assert "version: 0.11.0" in told
