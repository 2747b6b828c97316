"""Running the program: few processes, no answer lost through another text, nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stackferry.lint.shellcheck import batches
from stackferry.lint.shellcheck.batches import cores, run, version
from stackferry.lint.shellcheck.program import find
from tests.stackferry.lint.shellcheck.making import fake, runs

ROOT = Path(__file__).parents[4]


@pytest.fixture
def program(tmp_path) -> Path:
    (tmp_path / "bin").mkdir()
    return fake(tmp_path / "bin")


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch) -> Path:
    """Where folders of texts are made; empty after each test."""
    path = tmp_path / "scratch"
    path.mkdir()
    monkeypatch.setenv("TMPDIR", str(path))
    yield path
    assert list(path.iterdir()) == []


def test_one_process_for_each_core(program) -> None:
    texts = [f"a $X {'b' * number}\n" if number % 2 else f"a {number}\n" for number in range(40)]

    found = run(str(program), texts, {**os.environ, "SHELLCHECK_OPTS": "--exclude=SC2086"}, processes=3)

    assert {text: len(remarks) for text, remarks in found.answers.items()} == {
        text: int("$X" in text) for text in texts
    }
    assert found.reasons == ()
    calls = runs(program)
    assert len(calls) == 3
    assert {options for _, _, options, *_ in calls} == {"None"}
    assert sorted(int(name) for _, _, _, *names in calls for name in names) == list(range(40))
    assert max(len(call) for call in calls) <= 2 * min(len(call) for call in calls)


def test_few_texts_start_few_processes(program) -> None:
    run(str(program), ["a", "b"], os.environ, processes=8)

    assert len(runs(program)) == 2
    assert cores() >= 1


def test_a_command_line_has_an_end(program, monkeypatch) -> None:
    monkeypatch.setattr(batches, "LARGEST", 7)

    found = run(str(program), [f"a $X{number}" for number in range(50)], os.environ, processes=2)

    assert len(found.answers) == 50
    assert all(len(call) <= 3 + 7 for call in runs(program))


def test_large_outputs(program) -> None:
    texts = [f"{number} $X LARGE\n" * 20 for number in range(8)]

    found = run(str(program), texts, os.environ, processes=2)

    assert [len(found.answers[text]) for text in texts] == [20] * 8


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CRASH", "it exited with code -11"),
        ("REFUSE", "it exited with code 3: shellcheck: cannot"),
        ("NONSENSE", "its output is not in the format json1, which requires version 0.7 or later"),
        ("HANG", "it took more than 1 s"),
    ],
)
def test_a_text_that_fails_costs_its_own_answer_only(program, text, reason, monkeypatch) -> None:
    monkeypatch.setattr(batches, "FOR_EACH", 0.1)
    texts = ["a $X", text, f"{text} too", "b", "c $X"]

    found = run(str(program), texts, os.environ, processes=2, patience=0.9)

    assert {answered: len(remarks) for answered, remarks in found.answers.items()} == {"a $X": 1, "b": 0, "c $X": 1}
    assert found.reasons == (reason,)


def test_a_program_that_cannot_be_started(tmp_path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        run(str(tmp_path / "nowhere"), ["a"], os.environ)


def test_versions(program, tmp_path, monkeypatch) -> None:
    assert version(str(program), os.environ) == "9.9"
    assert version("/bin/true", os.environ) == ""
    with pytest.raises(OSError, match="nowhere"):
        version(str(tmp_path / "nowhere"), os.environ)
    monkeypatch.setattr(batches, "PATIENCE", 0.0)
    assert version(str(program), os.environ) == ""


INTERRUPTED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from stackferry.lint.shellcheck.batches import run
run(sys.argv[1], ["HANG", "HANG 2"], os.environ, processes=2)
"""
"""A shell starts what it puts in the background with SIGINT ignored, and so may these tests have been started."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, -signal.SIGINT, b"KeyboardInterrupt"), (signal.SIGTERM, 128 + signal.SIGTERM, b"")],
)
def test_nothing_is_left_after_an_interrupt(program, scratch, number, code, said) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(program)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 30
    while len(runs(program)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert list(scratch.iterdir()) != []
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)

    assert (process.returncode, errors.rstrip().rpartition(b"\n")[2]) == (code, said)
    children = [int(call[1]) for call in runs(program)]
    assert len(children) == 2
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def test_the_real_one() -> None:
    program = find({})
    text = "#!/bin/sh\nexport A='b c'\n\tcat é→\U0001f600 $A\n"

    for environment in (os.environ, {"LC_ALL": "C"}, {}):
        found = run(program.path, [text, "#!/bin/sh\ntrue \udcff\n"], environment)
        ((first,), ()) = found.answers.values()
        assert (first.code, first.line, first.column, first.end_column, first.level) == ("SC2086", 3, 10, 12, "info")
        assert '"replacements"' in first.fix
        assert found.reasons == ()
    assert version(program.path, os.environ) == "0.11.0"
