"""The computer that is looked at: where its files are, who asks, what time it is, how to try a connection.

The seam for tests: they give a made-up root with a /proc and a /dev of their own.
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
    """Empty if somebody answers at a port, else why nobody does."""
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
    """`system` and `machine` as Python's `platform` has them, the first in lower case. `uid`: None on Windows."""

    root: Path = Path("/")
    system: str = field(default_factory=lambda: platform.system().lower())
    machine: str = field(default_factory=platform.machine)
    uid: int | None = field(default_factory=_uid)
    now: Callable[[], float] = time.time
    connect: Callable[[str, int, float], str] = connect

    def cpus(self) -> int:
        """How many there are, 0 where nobody says."""
        try:
            text = self.path("/proc/cpuinfo").read_text("utf-8", "replace")
        except OSError:
            return os.cpu_count() or 0
        return sum(line.startswith("processor") for line in text.splitlines()) or os.cpu_count() or 0

    def has(self, name: str) -> bool:
        """Whether there is such a file or folder; no for one that we may not look at."""
        return os.path.exists(self.path(name))

    def path(self, name: str) -> Path:
        """A file by its absolute name, below the root."""
        return self.root / name.lstrip("/")
