"""A test's stack on a rig, through the command line: in its own folder, run to its end or killed meanwhile.

stack = Stack(rig, folder, COMPOSE)
stack.ok("up")                  `stackferry minikube up` there; what follows `--` on a rig is added
with stack.begun("up") as run:  beside the test
    run.until("loading ")       … so far that it has said this
    run.kill()                  kill -9 of it alone: what it has started lives on
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest
from _pytest.mark import ParameterSet

from tests.minikube.rig import PATIENCE, Rig

NAME = "minikube"
STARTS = {"up", "plan"}
"""The commands that take flags of `minikube start`."""
LOOK = 0.02
RARELY = pytest.mark.skipif("STACKFERRY_SLOW" not in os.environ, reason="STACKFERRY_SLOW=1 runs the whole matrix")
"""For what takes long and breaks seldom, or is proven in part by another test."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One folder with a compose file. Its temporary files are its own, and so is a change of the environment."""

    rig: Rig
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] | None = None

    def write(self, compose: str) -> None:
        (self.folder / "compose.yaml").write_text(compose, "utf-8")

    @property
    def temporary(self) -> Path:
        """TMPDIR of what is run here."""
        return self.folder.with_name(f"{self.folder.name}.tmp")

    @property
    def environment(self) -> dict[str, str]:
        self.temporary.mkdir(exist_ok=True)
        return self.rig.environment | {"TMPDIR": str(self.temporary)} | self.settings

    @contextlib.contextmanager
    def begun(self, *words: str, **settings: str) -> Iterator["Run"]:
        """A command that runs beside the test; afterwards it is no more."""
        start = self.rig.start_words if self.flags is None else self.flags
        after = ("--", *start) if words[0] in STARTS and start and "--" not in words else ()
        if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
            # A shell has started the tests in its background: what they start would never hear of Ctrl-C.
            signal.signal(signal.SIGINT, signal.default_int_handler)
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "stackferry", "minikube", *words, *after],
            cwd=self.folder,
            env=self.environment | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        run = Run(words, process)
        try:
            yield run
        finally:
            run.kill()
            process.wait()

    def run(self, *words: str, **settings: str) -> "Run":
        """A command, run to its end; `settings` are more variables."""
        with self.begun(*words, **settings) as run:
            run.wait()
            return run

    def ok(self, *words: str, **settings: str) -> "Run":
        """One that has to succeed."""
        run = self.run(*words, **settings)
        assert run.code == 0, f"{words} ended with {run.code}:\n{run.out}{run.err}"
        return run

    def refused(self, *words: str, **settings: str) -> str:
        """What one says that has to end with 1 and put nothing out."""
        run = self.run(*words, **settings)
        assert (run.code, run.out) == (1, ""), f"{words} ended with {run.code}:\n{run.out}{run.err}"
        return run.err

    def leftovers(self, profile: str = NAME) -> list[str]:
        """The temporary files that are there."""
        scratch = self.rig.folder / "home" / ".minikube" / "stackferry" / profile / "scratch"
        return [str(one) for folder in (scratch, self.temporary) if folder.exists() for one in folder.iterdir()]


class Run:
    """One command: what it has said so far (`err` of it; `out` is that of standard output), and its end."""

    def __init__(self, words: tuple[str, ...], process: "subprocess.Popen[str]") -> None:
        self.words, self.process = words, process
        self._said: dict[str, list[tuple[float, str]]] = {"out": [], "err": []}
        self.begun = time.monotonic()
        self.took = 0.0
        assert process.stdout
        assert process.stderr
        streams = {"out": process.stdout, "err": process.stderr}
        self._readers = [
            threading.Thread(target=self._read, args=(name, stream), daemon=True) for name, stream in streams.items()
        ]
        for reader in self._readers:
            reader.start()

    @property
    def out(self) -> str:
        return "".join(line for _, line in self._said["out"])

    @property
    def err(self) -> str:
        return "".join(line for _, line in self._said["err"])

    @property
    def code(self) -> int:
        assert self.process.returncode is not None, "it still runs"
        return self.process.returncode

    def said_at(self, part: str) -> float:
        """When a line on standard error came that has this in it: seconds of the monotonic clock."""
        return next(at for at, line in self._said["err"] if part in line)

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until something is so, while it runs."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert self.process.poll() is None, f"{self.words} ended too early:\n{self.out}{self.err}"
            assert time.monotonic() < end, f"{self.words} does not come so far:\n{self.out}{self.err}"
            time.sleep(LOOK)

    def wait(self) -> None:
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.words} does not end:\n{self.out}{self.err}") from None
        self.took = time.monotonic() - self.begun
        for reader in self._readers:
            reader.join(PATIENCE)

    def interrupt(self) -> None:
        """Ctrl-C, as a terminal says it: to the command and to all that it has started."""
        os.killpg(self.process.pid, signal.SIGINT)

    def kill(self) -> None:
        self.process.kill()

    def children(self) -> list[int]:
        """The processes that it has started, and that run."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = path.read_text("utf-8").rpartition(")")[2].split()
                if int(fields[1]) == self.process.pid and fields[0] != "Z":
                    found.append(int(path.parent.name))
        return found

    def _read(self, name: str, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._said[name].append((time.monotonic(), line))


def forget(stack: Stack, namespace: str) -> None:
    """Have the cluster remove a stack; nobody waits for it, but its ports are free at once."""
    if stack.rig.run("kubectl", "delete", "services", "--all", "-n", namespace, check=False).returncode == 0:
        stack.rig.run("kubectl", "delete", "namespace", namespace, "--wait=false", check=False)


def lone_machine(rig: Rig, folder: Path) -> Stack:
    """A stack on a rig that only has machines: what comes after the machine fails, and is not what it is for."""
    folder.mkdir()
    stack = Stack(rig, folder, flags=(*rig.start_words, "--no-kubernetes"))
    stack.write("name: lone\nservices:\n  web:\n    image: nowhere.invalid/lone:1\n")
    return stack


def machine_runs(run: "Run", rig: Rig) -> bool:
    """Whether a command on such a rig has got as far as a machine that runs."""
    return "minikube: Done!" in run.err and rig.state()["vms"][NAME]["state"] == "running"


def whole_matrix(values: Iterable[object], always: Container[object]) -> list[ParameterSet]:
    """Parameters of a test, of which only some are tried unless all are asked for."""
    return [pytest.param(one, marks=() if one in always else RARELY) for one in values]


def scaled(seconds: float) -> float:
    """A limit for an idle machine, on this one now."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
