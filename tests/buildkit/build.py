"""Builds the oracle, a program from the Go files here, once, outside the tree, under a name with its sources' digest.

`make buildkit` runs it, and so does `oracle.py` when it needs the program. Without Go, or if the build fails, there is
no oracle: one line gives the reason, and tests that need it are skipped.
"""

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests import cache

SOURCES = Path(__file__).resolve().parent
PATIENCE = 900
"""Seconds that a build may take: some 50 s of CPU from nothing, and 200 modules to fetch."""


class UnavailableError(Exception):
    """There is no oracle on this machine; the message is one line."""


def program() -> Path:
    """The path of the built program; builds it if need be. Raises `UnavailableError`."""
    path = _kept()
    if path.exists():
        return path
    go = shutil.which("go")
    if go is None:
        raise UnavailableError("no BuildKit oracle: there is no Go on this machine (tests/buildkit)")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path.parent / "buildkit.lock", "w") as lock:
            # Several test processes may come here at once: the first one builds.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                _build(go, path)
    except OSError as error:
        raise UnavailableError(f"no BuildKit oracle: {error} (tests/buildkit)") from error
    return path


def _kept() -> Path:
    digest = hashlib.sha256(platform.machine().encode())
    for source in sorted([*SOURCES.glob("*.go"), SOURCES / "go.mod", SOURCES / "go.sum"]):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return cache.folder() / f"buildkit-{digest.hexdigest()[:16]}"


def _build(go: str, path: Path) -> None:
    unfinished = path.with_suffix(f".{os.getpid()}")
    words = [go, "build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags=-s -w", "-o", str(unfinished), "."]
    # A toolchain of 100 MB that nobody asked for is not fetched.
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off", "CGO_ENABLED": "0"}
    try:
        done = subprocess.run(
            words, cwd=SOURCES, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"no BuildKit oracle: not built within {PATIENCE} s (tests/buildkit)") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        unfinished.unlink(missing_ok=True)
        raise UnavailableError(f"no BuildKit oracle: go build failed: {last} (tests/buildkit)")
    unfinished.rename(path)


if __name__ == "__main__":
    try:
        print(program())
    except UnavailableError as reason:
        # Not a failure: whoever has no Go develops without the oracle.
        print(reason, file=sys.stderr)
