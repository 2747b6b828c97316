"""Builds the docker compose that our loader equals, once: programs outside the tree, named by their sources.

There are three, from the Go module proxy. `loader` is compose-go 2.16.2 with the arguments of `docker compose …
config`: some seconds. `binary` is docker compose 5.6.0, the newest whose parts are all on the proxy, and `buildx` is
the docker plugin with which it builds: some minutes of CPU each, so only `make compose5` builds them; other callers,
which can do without, ask `built`. Without Go, or if the build fails, one line gives the reason.
"""

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests import cache

SOURCES = Path(__file__).resolve().parent


class UnavailableError(Exception):
    """A program is not on this machine and cannot be built; the message is one line."""


@dataclass(frozen=True, slots=True)
class Program:
    """One program: its name, its folder here, the package that is built there, and how many seconds that may take."""

    name: str
    folder: str
    package: str
    patience: int
    linker: str = "-s -w"

    @property
    def path(self) -> Path:
        """Where it is kept once it is built."""
        digest = hashlib.sha256(f"{platform.machine()} {self.package} {self.linker}".encode())
        for source in sorted((SOURCES / self.folder).iterdir()):
            if source.suffix in (".go", ".mod", ".sum"):
                digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
        return cache.folder() / f"compose5-{self.folder}-{digest.hexdigest()[:16]}"


LOADER = Program("compose-go 2.16.2", "loader", ".", 600)
BINARY = Program(
    "docker compose 5.6.0",
    "binary",
    "github.com/docker/compose/v5/cmd",
    3600,
    "-s -w -X github.com/docker/compose/v5/internal.Version=v5.6.0",
)
BUILDX = Program(
    "buildx 0.38.2",
    "buildx",
    "github.com/docker/buildx/cmd/buildx",
    1800,
    "-s -w -X github.com/docker/buildx/version.Version=v0.38.2",
)


def built(program: Program) -> Path | None:
    """The program if it is kept already."""
    return program.path if program.path.exists() else None


def build(program: Program) -> Path:
    """The program, built if need be. Raises `UnavailableError`."""
    path = program.path
    if path.exists():
        return path
    go = shutil.which("go")
    if go is None:
        raise UnavailableError(f"no {program.name}: there is no Go on this machine (tests/compose5)")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path.parent / f"compose5-{program.folder}.lock", "w") as lock:
            # Several test processes may come here at once: the first one builds.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                _build(go, program, path)
    except OSError as error:
        raise UnavailableError(f"no {program.name}: {error} (tests/compose5)") from error
    return path


def _build(go: str, program: Program, path: Path) -> None:
    unfinished = path.with_suffix(f".{os.getpid()}")
    words = [go, "build", "-mod=readonly", "-buildvcs=false", "-trimpath", f"-ldflags={program.linker}"]
    words += ["-o", str(unfinished), program.package]
    # A toolchain of 100 MB that nobody asked for is not fetched.
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off", "CGO_ENABLED": "0"}
    folder = SOURCES / program.folder
    try:
        done = subprocess.run(
            words, cwd=folder, env=environment, capture_output=True, text=True, timeout=program.patience, check=False
        )
    except subprocess.TimeoutExpired:
        late = f"no {program.name}: not built within {program.patience} s (tests/compose5)"
        raise UnavailableError(late) from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        unfinished.unlink(missing_ok=True)
        raise UnavailableError(f"no {program.name}: go build failed: {last} (tests/compose5)")
    unfinished.rename(path)


if __name__ == "__main__":
    try:
        for wanted in (LOADER,) if sys.argv[1:] == ["--loader"] else (LOADER, BINARY, BUILDX):
            print(build(wanted))
    except UnavailableError as reason:
        # Not a failure: whoever has no Go compares with docker compose 2.40.3.
        print(reason, file=sys.stderr)
