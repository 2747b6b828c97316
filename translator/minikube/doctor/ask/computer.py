"""The computer that is examined: where its files are, who the user is, the time, and how to try a connection.

Tests replace it by a made-up root with a /proc and a /dev of its own.
"""

import os
import platform
import socket
import time
from collections.abc import Callable
from dataclasses import field
from pathlib import Path

from stackferry.grammar.lazy_dataclass import dataclass


def connect(host: str, port: int, patience: float) -> str:
    """Empty if a connection to the port succeeds, else why it does not."""
    try:
        with socket.create_connection((host, port), timeout=patience):
            return ""
    except OSError as error:
        return f"{host}:{port}: {error.strerror or error}"


def _uid() -> int | None:
    ask = getattr(os, "geteuid", None)
    return int(ask()) if ask else None


@dataclass(frozen=True, slots=True)
class Computer:
    """`system` and `machine` as in Python's `platform`, `system` in lower case. `uid`: None on Windows."""

    root: Path = Path("/")
    system: str = field(default_factory=lambda: platform.system().lower())
    machine: str = field(default_factory=platform.machine)
    uid: int | None = field(default_factory=_uid)
    now: Callable[[], float] = time.time
    connect: Callable[[str, int, float], str] = connect

    def cpus(self) -> int:
        """The number of CPUs, 0 if unknown."""
        try:
            text = self.path("/proc/cpuinfo").read_text("utf-8", "replace")
        except OSError:
            return os.cpu_count() or 0
        return sum(line.startswith("processor") for line in text.splitlines()) or os.cpu_count() or 0

    def has(self, name: str) -> bool:
        """Whether the file or folder exists; False if we may not look at it."""
        return os.path.exists(self.path(name))

    def path(self, name: str) -> Path:
        """The path below the root of a file with that absolute name."""
        return self.root / name.lstrip("/")
