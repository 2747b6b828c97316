"""A test's own standby process, and commands that may use it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
SECONDS = 60.0
ASKED = "stackferry.cli"
"""A module that a command loads which was not answered by the standby process."""


class Place:
    """A folder to stand in, and a state folder. `/tmp` is short: the path of a socket must be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "state" / "stackferry" / "standby"
        self.socket.parent.mkdir(parents=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMPOSE_", "STACKFERRY_"))}
        self.environment = {
            **kept,
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_RUNTIME_DIR": str(folder),
            "PYTHONPATH": str(ROOT),
        }

    def command(self, *line: str) -> list[str]:
        return [sys.executable, "-P", "-m", "stackferry", *line]

    def run(self, *line: str, **more: str) -> subprocess.CompletedProcess[str]:
        return self._ended(self.command(*line), more)

    def _ended(self, words: list[str], more: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            cwd=self.folder,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def is_answered(self, *line: str, **more: str) -> bool:
        """Whether the standby process runs a command: its own process has loaded nothing of it then."""
        words = [sys.executable, "-P", "-X", "importtime", "-m", "stackferry", *line]
        return ASKED not in self._ended(words, more).stderr

    def eventually_answered(self, *line: str) -> bool:
        deadline = time.monotonic() + SECONDS
        while not self.is_answered(*line):
            if time.monotonic() > deadline:
                return False
        return True

    def eventually_gone(self) -> bool:
        """Whether the standby process ends."""
        deadline = time.monotonic() + SECONDS
        while self.socket.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        return not self.socket.exists()


@contextmanager
def place() -> Iterator[Place]:
    folder = Path(tempfile.mkdtemp(prefix="sfs-", dir="/tmp"))
    try:
        yield Place(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def standby(where: Place) -> Iterator[subprocess.Popen[bytes]]:
    """A standby process that listens."""
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "stackferry.standby.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd="/",
        env=where.environment,
    )
    try:
        deadline = time.monotonic() + SECONDS
        while not where.socket.exists():
            assert server.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        yield server
    finally:
        server.communicate(timeout=SECONDS)
