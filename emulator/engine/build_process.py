"""Runs the docker command: for an answer, or to build, with its output lines passed on as they come."""

import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO

from stackferry.emulator.engine.protocol import EngineError

_ASK = 60.0
"""Seconds that an answer may take."""
_GRACE = 10.0
"""Seconds that a build gets to end after its stop signal."""


def answer(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """The command's output; empty if it fails. Raises EngineError if it cannot be started or does not end in time."""
    try:
        done = subprocess.run(  # noqa: S603 - the words are ours
            words,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_ASK,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(
            f"{' '.join(words[:3])}: {error}", f"check that {words[0]} is installed correctly: run it yourself"
        ) from error
    return "" if done.returncode else done.stdout


def run(words: Sequence[str], environment: Mapping[str, str], given: str, hear: Callable[[str], None]) -> int:
    """Returns the exit code; the command ends when we do. `given` is its input, `hear` gets lines of standard error."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the words are ours, and what a file says of a build
            words,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise EngineError(
            f"cannot start {words[0]}: {error.strerror}", "check that it is installed correctly"
        ) from error
    assert process.stdin is not None
    assert process.stderr is not None
    feeder = threading.Thread(target=_feed, args=(process.stdin, given), daemon=True)
    feeder.start()
    try:
        for line in process.stderr:
            hear(line.rstrip("\r\n"))
        return process.wait()
    finally:
        _end(process)
        feeder.join()
        process.stderr.close()


def _feed(pipe: IO[str], text: str) -> None:
    # A process that has ended reads no more.
    with suppress(OSError), pipe:
        pipe.write(text)


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
