"""BuildKit's own lexer, called from Python: one process of the program in this folder; each line gets a line back.

The program is built once, into a cache outside the tree, under a name that says its sources.
"""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stackferry"


class Lexer:
    """A running program; `ask` puts one question, with the fields of `question` in `main.go`."""

    def __init__(self, program: Path) -> None:
        # It tells of every NUL and every broken character on standard error.
        self._process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def ask(self, do: str, text: str, escape: str = "\\", **fields: Any) -> dict[str, Any]:
        """The answer, with the fields of `answer` in `main.go`."""
        asked, told = self._process.stdin, self._process.stdout
        assert asked
        assert told
        asked.write(json.dumps({"Do": do, "Text": text, "Escape": escape, **fields}) + "\n")
        asked.flush()
        answer: dict[str, Any] = json.loads(told.readline())
        return answer

    def close(self) -> None:
        """End the program."""
        self._process.communicate()


def program() -> Path:
    """The path of the program, built if need be; the test is skipped where there is no Go, or no way to its modules."""
    digest = hashlib.sha256(platform.machine().encode())
    for source in (SOURCES / "main.go", SOURCES / "go.mod", SOURCES / "go.sum"):
        digest.update(source.read_bytes())
    path = CACHE / f"lex-{digest.hexdigest()[:16]}"
    if path.exists():
        return path
    reason = _build(path)
    if reason:
        pytest.skip(f"BuildKit's lexer is not here: {reason}")
    return path


@cache
def _build(path: Path) -> str:
    """Build the program, or say in one line why that is not possible here."""
    go = shutil.which("go")
    if go is None:
        return "no Go on this machine"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.parent / "lex.lock", "w") as lock:
        # Several test processes may come here at once: the first one builds.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            return ""
        if _go(go, "mod", "download").returncode:
            return "its modules cannot be fetched"
        unfinished = path.with_suffix(f".{os.getpid()}")
        done = _go(go, "build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-o", str(unfinished), ".")
        assert done.returncode == 0, done.stderr
        unfinished.rename(path)
    return ""


def _go(*words: str) -> subprocess.CompletedProcess[str]:
    # A toolchain of 100 MB that nobody asked for is not fetched.
    env = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
    return subprocess.run(words, cwd=SOURCES, env=env, capture_output=True, text=True)
