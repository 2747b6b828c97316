"""The peer's answer: how mvdan.cc/sh, the parser behind shfmt, parses a script, through `peer/main.go`.

The program is built once for each content of its folder, into the user's cache.
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
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "peer"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stackferry" / "shell-peer"


@cache
def program() -> Path:
    """The program; skips the test that asks for it where it cannot be built."""
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if go is None:
        pytest.skip("no Go here to build the peer with (https://go.dev/dl)")
    content = b"".join((FOLDER / name).read_bytes() for name in ("go.mod", "go.sum", "main.go"))
    path = CACHE / hashlib.sha256(content).hexdigest()[:16] / "peer"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            built = Path(folder) / "peer"
            done = subprocess.run([go, "build", "-o", built, "."], cwd=FOLDER, capture_output=True, text=True)
            if done.returncode:
                pytest.skip(f"the peer cannot be built: {done.stderr.strip().splitlines()[-1]}")
            os.replace(built, path)
    return path


def ask(scripts: Sequence[str]) -> list[dict[str, Any]]:
    """For each script `error` (empty if it was understood) and `commands`, with ranges in bytes."""
    lines = "\n".join(json.dumps(script) for script in scripts)
    done = subprocess.run([program()], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def bash_accepts(script: str) -> bool:
    """Whether `bash -n` has nothing to say against a script. It does not look into backquotes."""
    given = script.encode("utf-8", "surrogateescape")
    return subprocess.run(["bash", "-n"], input=given, capture_output=True).returncode == 0
