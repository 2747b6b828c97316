"""Runs `minikube`, `VBoxManage` and the other programs that query a machine. The package's only file that does.

The other modules decide on plain values. A call has a time limit (`patience`), a folder of its own for temporary files,
which minikube fills and does not empty, and an environment in which minikube's output is meant for programs.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass

SPOKEN_TO = {
    "MINIKUBE_IN_STYLE": "false",
    "MINIKUBE_WANTUPDATENOTIFICATION": "false",
    "LC_ALL": "C",
}
"""No emoji, no notices about newer versions, and machine-readable messages."""
_GRACE = 10.0
"""Seconds that an interrupted program gets to clean up."""
_REST = 5.0
"""Seconds for the rest of a program's output, once it has ended."""


Told = Callable[[str], bool | None]
"""Gets each line of an output as it comes; True ends the program."""


class ProgramError(StackferryError):
    """A program is missing, or did not end."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The output of a program, and its exit code."""

    code: int
    out: str = ""
    err: str = ""

    @property
    def text(self) -> str:
        """Both outputs, to search them."""
        return f"{self.out}\n{self.err}"


class Programs(Protocol):
    """The interface that tests replace by programs with canned answers."""

    def path(self, name: str) -> str | None:
        """The path of a program, None if it is not installed."""

    def run(
        self,
        words: Sequence[str],
        *,
        patience: float = 60.0,
        told: Told | None = None,
        told_errors: Told | None = None,
        stdin: IO[bytes] | None = None,
    ) -> Answer:
        """The answer of a program, which is ended when `told` returns True; `told_errors` gets standard error's lines.

        Raises ProgramError if there is no such program, or it takes more than `patience` seconds.
        """

    def spawn(self, words: Sequence[str], folder: Path) -> None:
        """Start a program that runs in the background and outlives us. Raises ProgramError if there is none.

        `folder` exists; the file `process` in it gets the process id, and `output` the program's output.
        """


class HostPrograms:
    """The programs of this machine. `began` gets the id of each process that starts, and None once it has ended."""

    def __init__(
        self,
        environment: Mapping[str, str],
        began: Callable[[int | None], None] = lambda _pid: None,
        scratch: Path | None = None,
    ) -> None:
        """`scratch`: a folder for the temporary files of programs, None for that of the system."""
        self._environment = {**environment, **SPOKEN_TO}
        self._began = began
        self._scratch = scratch

    def path(self, name: str) -> str | None:
        """The path of a program, None if it is not installed."""
        return shutil.which(name, path=self._environment.get("PATH", os.defpath))

    def run(
        self,
        words: Sequence[str],
        *,
        patience: float = 60.0,
        told: Told | None = None,
        told_errors: Told | None = None,
        stdin: IO[bytes] | None = None,
    ) -> Answer:
        """The answer of a program; it and all its children are ended when we are interrupted."""
        program = self.path(words[0])
        if program is None:
            raise ProgramError(f"{words[0]} is not on the PATH", f"install {words[0]}")
        with _folder(self._scratch) as scratch:
            try:
                process = subprocess.Popen(  # noqa: S603 - the words are ours or the user's own
                    [program, *words[1:]],
                    env={**self._environment, "TMPDIR": scratch},
                    stdin=stdin or subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    errors="replace",
                )
            except OSError as error:
                raise ProgramError(
                    f"cannot start {program}: {error.strerror}", "check that it is installed correctly"
                ) from error
            self._began(process.pid)
            try:
                with _at_most(process, patience) as late:
                    answer = _heard(process, told, told_errors)
            except BaseException:
                _end(process)
                raise
            finally:
                self._began(None)
            if late.is_set():
                shown = " ".join(words[:3])
                raise ProgramError(
                    f"{shown} did not finish within {patience:.0f} s", "it was stopped; try running it yourself"
                )
            return answer

    def spawn(self, words: Sequence[str], folder: Path) -> None:
        """Start a program in the background; its temporary files go to the folder, too."""
        program = self.path(words[0])
        if program is None:
            raise ProgramError(f"{words[0]} is not on the PATH", f"install {words[0]}")
        # By a shell in a session of its own: it records the id even if we die, and our Ctrl-C does not reach it.
        subprocess.run(  # noqa: S603 - as above
            ["/bin/sh", "-c", _SPAWN, str(folder), program, *words[1:]],
            env={**self._environment, "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=True,
        )


_SPAWN = ': > "$0/output"; "$@" >> "$0/output" 2>&1 & echo $! > "$0/process"'


def _heard(process: "subprocess.Popen[str]", told: Told | None, told_errors: Told | None) -> Answer:
    """All output of a process until it ends. Its children may keep its outputs open: they are not waited for."""
    lines: list[str] = []
    errors: list[str] = []

    def listen(source: IO[str] | None, kept: list[str], tell: Told | None) -> None:
        assert source is not None
        with source as stream:
            for line in stream:
                kept.append(line)
                if tell is not None and tell(line.rstrip("\n")):
                    _end(process)

    sources = ((process.stdout, lines, told), (process.stderr, errors, told_errors))
    listeners = [threading.Thread(target=listen, args=one, daemon=True) for one in sources]
    for listener in listeners:
        listener.start()
    code = process.wait()
    for listener in listeners:
        listener.join(_REST)
    return Answer(code, "".join(lines), "".join(errors))


def _folder(root: Path | None) -> "tempfile.TemporaryDirectory[str]":
    # A program that was ended may have left a child behind that still writes there.
    return tempfile.TemporaryDirectory(prefix="stackferry-", dir=root, ignore_cleanup_errors=True)


@contextlib.contextmanager
def _at_most(process: "subprocess.Popen[str]", patience: float) -> Iterator[threading.Event]:
    late = threading.Event()

    def stop() -> None:
        late.set()
        _end(process)

    timer = threading.Timer(patience, stop)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _end(process: "subprocess.Popen[str]") -> None:
    """Terminate the process, and kill it if it does not end."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
