"""The peer's answer: robfig/cron v3, on which CronJobs run, evaluates cron lines through `peer/main.go`.

The program is built once for each content of its folder, into the user's cache. Both sides read the system's zones.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cache import folder

FOLDER = Path(__file__).parent / "peer"


class Question(NamedTuple):
    """The first `count` moments of a line after `at` (nanoseconds since 1970), a moment given in `zone`."""

    line: str
    zone: str
    at: int
    count: int = 1


class Answer(NamedTuple):
    """`moments` (seconds since 1970), or why the line is `refused`; `hangs`: the search does not come back."""

    moments: tuple[int, ...] = ()
    refused: str = ""
    hangs: bool = False


@cache
def program() -> Path:
    """The program; skips the test that asks for it where it cannot be built."""
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if go is None:
        pytest.skip("no Go here to build the cron peer with (https://go.dev/dl)")
    content = b"".join((FOLDER / name).read_bytes() for name in ("go.mod", "go.sum", "main.go"))
    path = folder() / "cron-peer" / hashlib.sha256(content).hexdigest()[:16] / "peer"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as place:
            built = Path(place) / "peer"
            environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off", "CGO_ENABLED": "0"}
            words = [go, "build", "-mod=readonly", "-trimpath", "-o", str(built), "."]
            done = subprocess.run(words, cwd=FOLDER, env=environment, capture_output=True, text=True)
            if done.returncode:
                pytest.skip(f"the cron peer cannot be built: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
            os.replace(built, path)
    return path


def ask(questions: Sequence[Question]) -> list[Answer]:
    """The peer's answer to each question. It is started again after one that it hangs in."""
    found: list[Answer] = []
    while len(found) < len(questions):
        lines = "".join(f"{json.dumps(one._asdict())}\n" for one in questions[len(found) :])
        environment = {"PATH": os.defpath, "TZ": "UTC"}
        done = subprocess.run([program()], input=lines, env=environment, capture_output=True, text=True, check=True)
        answers = [_answer(json.loads(line)) for line in done.stdout.splitlines()]
        assert answers, done.stderr
        found += answers
    return found


def _answer(data: dict[str, Any]) -> Answer:
    return Answer(tuple(data["moments"] or ()), data.get("refused", ""), data.get("hangs", False))
