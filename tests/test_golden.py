"""The `golden` fixture fails on a difference, and its flag rewrites the files."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
TEST = """
from pathlib import Path

def test_text(golden):
    golden(Path(__file__).parent / "case" / "expected.txt", "now\\n")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    (tmp_path / "test_it.py").write_text(TEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def run(project: Path, *options: str) -> int:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:hypothesispytest",
        "-p",
        "no:xdist",
        *options,
    ]
    return subprocess.run(command, cwd=project, capture_output=True).returncode


def test_a_missing_file_fails_until_it_is_written(project):
    assert run(project) == 1
    assert run(project, "--update-golden") == 0
    assert (project / "case" / "expected.txt").read_text() == "now\n"
    assert run(project) == 0


def test_a_difference_fails_and_is_kept(project):
    (project / "case").mkdir()
    (project / "case" / "expected.txt").write_text("before\n")

    assert run(project) == 1
    assert (project / "case" / "expected.txt").read_text() == "before\n"
