"""Runs ShellCheck in parallel processes with many files each. The only module that starts the program.

A failed batch is run again one text at a time, so that a text on which ShellCheck fails loses only its own answer. The
folder with the texts is removed afterwards in any case.
"""

import os
import signal
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from stackferry.grammar.dockerfile.source import encoded
from stackferry.grammar.lint.shellcheck.key import OPTIONS
from stackferry.grammar.lint.shellcheck.remark import Remark, remarks
from stackferry.lint.shellcheck.process import Process, start

WORTH_ONE = 6
"""Texts that justify another process: starting one costs 2 to 3 ms."""
LARGEST = 400
"""Most files for one process: their names must also fit on a command line of Windows."""
PATIENCE = 20.0
"""Seconds that a batch may take, in addition to those for its texts."""
FOR_EACH = 0.2
"""Additional seconds for each text; a usual one takes 13 ms."""
_ANSWERED = (0, 1)
"""Exit codes of ShellCheck after it has read all files: without remarks, with remarks."""


class Outcome(NamedTuple):
    """The remarks on each text that was checked, and the distinct reasons why others were not."""

    answers: Mapping[str, tuple[Remark, ...]]
    reasons: tuple[str, ...]


def run(
    program: str,
    texts: Sequence[str],
    environment: Mapping[str, str],
    *,
    processes: int = 0,
    patience: float = PATIENCE,
) -> Outcome:
    """Run ShellCheck on distinct texts. Raises OSError if it cannot be started, or files cannot be written."""
    with _folder(environment) as folder:
        for number, text in enumerate(texts):
            with open(os.path.join(folder, str(number)), "wb") as stream:
                stream.write(encoded(text))
        # The user's environment must not change ShellCheck's answers, which are reported and cached.
        variables = {name: value for name, value in environment.items() if name != "SHELLCHECK_OPTS"}
        count = processes or min(cores(), max(len(texts) // WORTH_ONE, 1))
        waiting = deque(_piles(texts, count))
        return _Runs(program, folder, texts, variables, patience).all(waiting, count)


@contextmanager
def _folder(environment: Mapping[str, str]) -> Iterator[str]:
    """A temporary folder. The standard library's `tempfile` would cost as much time as a small script."""
    path = os.path.join(environment.get("TMPDIR") or "/tmp", f"stackferry-{os.urandom(8).hex()}")  # noqa: S108 - 64 random bits, and ours alone
    os.mkdir(path, 0o700)
    before = _on_terminate(_leave)
    try:
        yield path
    finally:
        _on_terminate(before)
        with suppress(OSError):
            for name in os.listdir(path):
                os.unlink(os.path.join(path, name))
            os.rmdir(path)


def _on_terminate(handler: Any) -> Any:
    """Set the handler of SIGTERM and return the previous one. Only possible in the main thread."""
    try:
        return signal.signal(signal.SIGTERM, handler)
    except ValueError:
        return None


def _leave(number: int, frame: object) -> None:
    """Exit as after a signal, but run every `finally`."""
    raise SystemExit(128 + number)


def version(program: str, environment: Mapping[str, str]) -> str:
    """The version that a program prints; empty if it prints none. Raises OSError if it cannot be started."""
    with _folder(environment) as folder:
        answer = os.path.join(folder, "version")
        if start([program, "--version"], environment, answer, f"{answer}.err").wait(PATIENCE) is None:
            return ""
        with open(answer, encoding="utf-8", errors="replace") as stream:
            lines = stream.read().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("version:")), "")


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _piles(texts: Sequence[str], count: int) -> list[list[int]]:
    """Indices of texts in piles of similar size, the largest texts first, none with more than LARGEST."""
    piles: list[list[int]] = [[] for _ in range(count)]
    sizes = [0] * count
    for number in sorted(range(len(texts)), key=lambda number: -len(texts[number])):
        least = sizes.index(min(sizes))
        piles[least].append(number)
        sizes[least] += len(texts[number])
    parts = -(-max(map(len, piles)) // LARGEST)
    # Each part of a pile has texts of all sizes; parts of the piles alternate.
    return [pile[part::parts] for part in range(parts) for pile in piles if pile]


class _Run(NamedTuple):
    batch: list[int]
    process: Process
    until: float


class _Runs:
    """The processes of one call."""

    def __init__(
        self, program: str, folder: str, texts: Sequence[str], environment: Mapping[str, str], patience: float
    ) -> None:
        self.program = program
        self.folder = folder
        self.texts = texts
        self.environment = environment
        self.patience = patience
        self.answers: dict[str, tuple[Remark, ...]] = {}
        self.reasons: dict[str, None] = {}

    def all(self, waiting: deque[list[int]], processes: int) -> Outcome:
        """Run the batches, at most `processes` at a time."""
        running: deque[_Run] = deque()
        try:
            while waiting or running:
                while waiting and len(running) < processes:
                    running.append(self._start(waiting.popleft()))
                first = running[0]
                reason = self._result(first)
                running.popleft()
                if reason and len(first.batch) > 1:
                    waiting.extend([number] for number in first.batch)
                elif reason:
                    self.reasons[reason] = None
        finally:
            for other in running:
                other.process.kill()
        return Outcome(self.answers, tuple(self.reasons))

    def _start(self, batch: list[int]) -> _Run:
        # Output goes to files: a full pipe that is not read yet would block a process.
        command = [self.program, *OPTIONS, "--", *(os.path.join(self.folder, str(number)) for number in batch)]
        process = start(command, self.environment, self._path(batch, "out"), self._path(batch, "err"))
        return _Run(batch, process, time.monotonic() + self._limit(batch))

    def _result(self, run: _Run) -> str:
        """Wait for a process and read its answers; returns the error, or an empty text on success."""
        code = run.process.wait(run.until - time.monotonic())
        if code is None:
            return f"it took more than {self._limit(run.batch):.0f} s"
        if code not in _ANSWERED:
            said = self._said(run.batch, "err").decode("utf-8", "replace").strip().partition("\n")[0]
            return f"it exited with code {code}: {said}" if said else f"it exited with code {code}"
        try:
            found = remarks(self._said(run.batch, "out"))
        except ValueError:
            return "its output is not in the format json1, which requires version 0.7 or later"
        for number in run.batch:
            self.answers[self.texts[number]] = tuple(found.get(os.path.join(self.folder, str(number)), ()))
        return ""

    def _limit(self, batch: list[int]) -> float:
        return self.patience + FOR_EACH * len(batch)

    def _path(self, batch: list[int], kind: str) -> str:
        return os.path.join(self.folder, f"{batch[0]}+{len(batch)}.{kind}")

    def _said(self, batch: list[int], kind: str) -> bytes:
        with open(self._path(batch, kind), "rb") as stream:
            return stream.read()
