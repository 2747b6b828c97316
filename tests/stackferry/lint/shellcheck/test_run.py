"""ShellCheck on files: which texts are checked, what is cached, what is reported."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stackferry.grammar.lint.shellcheck.manner import HADOLINT
from stackferry.lint.shellcheck.cache import Cache
from stackferry.lint.shellcheck.program import Program, find
from stackferry.lint.shellcheck.run import MISSING, ShellCheck
from tests.grammar.lint.making import facts
from tests.stackferry.lint.shellcheck.making import fake, runs

ROOT = Path(__file__).parents[4]
NOW = time.time()


def real(manner=None) -> ShellCheck:
    shellcheck = ShellCheck(find({}), Cache("", NOW), os.environ)
    if manner is not None:
        shellcheck.manner = manner
    return shellcheck


def said(text: str, manner=None) -> list[str]:
    """`line:column code marked` of what the real ShellCheck says to a Dockerfile."""
    build = facts(text)
    shellcheck = real(manner)
    (hits,) = shellcheck([build])
    assert shellcheck.notes == []
    position = build.source.position
    return [
        f"{position(hit.start).line}:{position(hit.start).column} {hit.id} {text[hit.start : hit.end]}" for hit in hits
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # hadolint #891, #807, #285
        (
            'FROM debian:12\nRUN echo start; \\\n    if [ "$A" == b ]; then \\\n      echo x; \\\n    fi\n',
            ["3:15 SC3014 =="],
        ),
        # hadolint #885
        ('FROM ubuntu:24.04\nARG one=1 \\\n    two=2\nRUN echo "$one $two"\n', []),
        # hadolint #645, #1228
        ("FROM mcr.microsoft.com/dotnet/framework/sdk:4.8\nRUN powershell -Command foreach ($f in a) { b $f }\n", []),
        (
            'FROM mcr.microsoft.com/windows/servercore\nSHELL ["powershell"]\nENV A=b\nRUN if ($Y) { Write-Host $Y }\n',
            [],
        ),
        # hadolint #1137
        ("FROM debian:12\nRUN <<EOF bash\nset -euo pipefail\n[[ -f /etc/hosts ]] && cat /etc/hosts | wc -l\nEOF\n", []),
        # hadolint #984
        ("FROM debian:10\nARG FOO\nRUN python foo.py --foo $FOO\n", ["3:25 SC2086 $FOO"]),
        ('FROM debian:10\nENV FOO="a b"\nRUN python foo.py --foo $FOO\n', ["3:25 SC2086 $FOO"]),
        ("FROM debian:10\nENV FOO=ab\nRUN python foo.py --foo $FOO\n", []),
        # hadolint #418
        ('FROM debian\nRUN ["foobar", "$f"]\n', []),
        (
            "FROM debian\nRUN [[ -n $A ]] && local b\n",
            ["2:5 SC3010 [[ -n $A ]]", "2:20 SC3043 local b", "2:26 SC2034 b"],
        ),
        ("FROM alpine\nRUN [[ -n $A ]] && set -o pipefail && echo -e a\n", []),
        # Every line of the body ends in a carriage return, for the shell too.
        ("FROM debian\r\nRUN <<EOF\r\na $1\r\nb\r\nEOF\r\n", ["3:3 SC2086 $1", "3:5 SC1017 "]),
        ("FROM debian\nRUN cd /x\n", ["2:5 SC2164 cd /x"]),
        ('FROM debian\nSHELL ["/bin/sh", "-ec"]\nRUN cd /x\n', []),
        ("FROM debian\nRUN <<EOF\n# shellcheck disable=SC2086\na $1\nb $2\nEOF\n", []),
        ("FROM debian\nRUN a $1 && \\\n  # shellcheck disable=SC2086\n  b $2\n", ["2:7 SC2086 $1"]),
        (
            "FROM debian\nRUN if true; \\\n  then echo a\n",
            ["2:5 SC1046 ", "2:5 SC1073 ", "3:14 SC1047 ", "3:14 SC1072 "],
        ),
    ],
)
def test_what_the_real_one_says(text, expected) -> None:
    assert said(text) == expected


def test_in_hadolints_manner() -> None:
    text = "FROM alpine\nARG FOO\nRUN [[ -n $FOO ]] && a $FOO && b `c`\n"

    assert said(text) == ["3:24 SC2086 $FOO", "3:34 SC2046 `c`", "3:34 SC2006 `c`"]
    # Of SC3010, SC2046 and SC2006, the last.
    assert said(text, HADOLINT) == ["3:34 SC2006 `c`"]
    assert said("FROM debian\r\nRUN <<EOF\r\na $1\r\nb\r\nEOF\r\n", HADOLINT) == ["3:3 SC2086 $1"]


class Played:
    """A fake ShellCheck with a cache of its own."""

    def __init__(self, folder: Path) -> None:
        (folder / "bin").mkdir()
        self.path = fake(folder / "bin")
        self.cache = folder / "cache"

    def __call__(self, *texts: str, patience: float = 0) -> tuple[list[int], list[str]]:
        """The number of hits in each file, and the notes."""
        status = self.path.stat()
        program = Program(str(self.path), f"{self.path}\t{status.st_mtime_ns}\t{status.st_size}")
        shellcheck = ShellCheck(program, Cache(str(self.cache), NOW), os.environ, patience=patience)
        return [len(hits) for hits in shellcheck([facts(text) for text in texts])], shellcheck.notes

    def log(self) -> list[str]:
        return [line.split(" ")[0] for line in self.path.with_name("log").read_text().splitlines()]


@pytest.fixture
def played(tmp_path) -> Played:
    return Played(tmp_path)


def test_what_is_kept_is_not_asked_again(played) -> None:
    texts = ["FROM x\nRUN a $X\n", "FROM x\nRUN b\nRUN a $X\n"]

    assert played(*texts) == ([1, 1], [])
    assert played.log()[0] == "version"
    before = len(played.log())
    assert played(*texts) == ([1, 1], [])
    assert len(played.log()) == before
    assert played(*texts, "FROM x\nRUN c $X\n") == ([1, 1, 1], [])
    assert runs(played.path)[-1][3:] == ["0"]
    assert played.log().count("version") == 1


def test_another_version_is_asked_again(played) -> None:
    played("FROM x\nRUN a $X\n")
    played.path.write_text(played.path.read_text().replace("9.9", "9.10"))

    assert played("FROM x\nRUN a $X\n") == ([1], [])
    assert played.log() == ["version", "run", "version", "run"]


def test_a_cache_that_cannot_be_written_is_no_error(played) -> None:
    played.cache.write_text("")

    assert played("FROM x\nRUN a $X\n") == ([1], [])
    assert played("FROM x\nRUN a $X\n") == ([1], [])


def test_failures_are_notes_with_the_scripts_that_are_not_checked(played) -> None:
    counts, notes = played("FROM x\nRUN a $X\nRUN \\\n REFUSE\n", patience=5)

    assert counts == [1]
    assert notes == [
        f"ShellCheck ({played.path}) failed: it exited with code 3: shellcheck: cannot; not checked: Dockerfile:4"
    ]
    # It is not kept that there was no answer.
    assert played("FROM x\nRUN a $X\nRUN \\\n REFUSE\n", patience=5) == (counts, notes)

    counts, (note,) = played("FROM x\n" + "".join(f"RUN REFUSE {number}\n" for number in range(5)))
    assert note.endswith("; not checked: Dockerfile:2, Dockerfile:3, Dockerfile:4 and 2 more")


def test_a_program_that_is_none_is_a_note(played) -> None:
    played.path.write_text("#!/nowhere/interpreter\n")

    counts, (note,) = played("FROM x\nRUN a $X\n")

    assert counts == [0]
    assert note.startswith(f"ShellCheck ({played.path}) failed: it cannot be run: ")
    assert note.endswith("; not checked: Dockerfile:2")


def test_a_version_that_is_not_told_is_that_of_the_file(played) -> None:
    played.path.write_text(played.path.read_text().replace("version: ", ""))

    assert played("FROM x\nRUN a $X\n") == ([1], [])
    assert played("FROM x\nRUN a $X\n") == ([1], [])
    assert played.log() == ["version", "run", "version"]


def test_no_program_is_one_note(tmp_path) -> None:
    shellcheck = ShellCheck(None, Cache(str(tmp_path / "cache"), NOW), {})

    assert not shellcheck.available
    assert shellcheck([facts("FROM x\nRUN a $X\n"), facts("FROM x\nRUN b\n")]) == [(), ()]
    assert shellcheck.notes == [MISSING]
    assert not (tmp_path / "cache").exists()


def test_nothing_to_check_is_no_note(tmp_path) -> None:
    shellcheck = ShellCheck(None, Cache("", NOW), {})

    assert shellcheck([facts("FROM x\nCMD a $X\n")]) == [()]
    assert shellcheck.notes == []


def test_here() -> None:
    shellcheck = ShellCheck.here({"XDG_CACHE_HOME": "/c", "PATH": ""}, NOW, HADOLINT)

    assert shellcheck.available
    assert shellcheck.cache.folder == "/c/stackferry/shellcheck"
    assert shellcheck.manner is HADOLINT


LEAN = """
import os, sys, time
from stackferry.grammar.dockerfile.facts.build import build
from stackferry.grammar.dockerfile.parse import parse
from stackferry.grammar.dockerfile.source import Source
file = build(parse(Source("FROM x\\nARG X\\nRUN a $X\\n")))
before = set(sys.modules)
from stackferry.lint.shellcheck.run import ShellCheck
shellcheck = ShellCheck.here(os.environ, time.time())
hits = shellcheck([file])
print(len(hits[0]), *(name for name in sys.argv[1:] if name in set(sys.modules) - before))
"""
HEAVY = ("json", "subprocess", "tempfile", "hashlib", "shutil", "dataclasses", "pathlib", "yaml", "lark", "rich")


def test_a_run_that_finds_all_answers_kept_loads_little(tmp_path) -> None:
    environment = {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path), "PATH": ""}
    outputs = [
        subprocess.run([sys.executable, "-c", LEAN, *HEAVY], env=environment, capture_output=True, text=True)
        for _ in range(2)
    ]

    assert [output.stderr for output in outputs] == ["", ""]
    assert outputs[0].stdout.startswith("1 json")
    assert outputs[1].stdout == "1\n"
