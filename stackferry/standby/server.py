"""The standby process: waits with all modules loaded, and runs each received command in its own child process.

A child is always ready: it waits for a call, and when it has one, the next child is forked. So no call waits for a
fork, and no command leaves anything behind for the next. The manager that started this process holds its standard
input open; when the manager ends, this process ends.
"""

import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from select import select
from typing import NamedTuple, NoReturn

from stackferry.standby.held_output import HeldOutput
from stackferry.standby.message import LEFT, LENGTH, READY, TAKEN, Call, address, peer_uid, surroundings
from stackferry.standby.readiness import prepare, stamps, unchanged

OUTDATED = 5
"""The exit code of a child that found the program's files changed; then this process ends, too."""

LONGEST_CALL = 16 << 20
"""Most bytes of a call. The kernel takes command lines and environments of a few MB at most."""


class Program(NamedTuple):
    """What is the same for all calls: the files that were loaded (`stamps`), and our own surroundings (`facts`)."""

    stamps: dict[str, int]
    facts: str


def main() -> int:
    """Serve until the manager has ended or the program has changed."""
    path = address(os.environ)
    if not path:
        return 0
    prepare()
    program = Program(stamps(), surroundings(os.environ))
    os.umask(0o077)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        with suppress(FileNotFoundError):
            os.unlink(path)
        listener.bind(path)
        listener.listen(16)
        try:
            return _serve(listener, program)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(path)


def _serve(listener: socket.socket, program: Program) -> int:
    bell, rung = os.pipe()
    os.set_blocking(rung, False)
    os.set_blocking(bell, False)
    # Without a handler, the signal would not write to the wakeup descriptor.
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(rung, warn_on_full_buffer=False)
    taken, tell = os.pipe()
    os.set_blocking(taken, False)
    listener.setblocking(False)
    spare = _child(listener, tell, program)
    while True:
        ready = select([sys.stdin, bell, taken], [], [])[0]
        if sys.stdin in ready:
            # Standard input has ended, nothing else. The waiting child sees that, too; a working child goes on.
            return 0
        if bell in ready:
            os.read(bell, 4096)
        ended = dict(_ended())
        if OUTDATED in ended.values():
            return 0
        # In this order: a child that has ended has first said that it has a call, unless it was killed while waiting.
        if _is_told(taken) or spare in ended:
            spare = _child(listener, tell, program)


def _is_told(taken: int) -> bool:
    """Whether the waiting child has received a call."""
    try:
        return bool(os.read(taken, 1))
    except BlockingIOError:
        return False


def _ended() -> list[tuple[int, int]]:
    """Reap children that have ended: process ids and exit codes."""
    found = []
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            found.append((pid, os.waitstatus_to_exitcode(status)))
    return found


def _child(listener: socket.socket, tell: int, program: Program) -> int:
    """Fork a child that waits for one call and answers it; returns its process id."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            channel = _called(listener)
            if channel is not None:
                os.write(tell, b".")
                os.close(tell)
                listener.close()
                code = _answer(channel, program)
        finally:
            os._exit(code)
    return pid


def _called(listener: socket.socket) -> socket.socket | None:
    """The connection of the next call; None once the manager has ended."""
    while sys.stdin not in select([sys.stdin, listener], [], [])[0]:
        with suppress(BlockingIOError):
            channel, _ = listener.accept()
            channel.setblocking(True)
            return channel
    return None


def _answer(channel: socket.socket, program: Program) -> int:
    """Run one command, or leave it to the calling process; returns the exit code of this child."""
    if not unchanged(program.stamps):
        channel.sendall(LEFT)
        return OUTDATED
    if peer_uid(channel) != os.geteuid():
        return 0
    channel.sendall(READY)
    call, files = _heard(channel)
    if call is None or call.facts != program.facts:
        channel.sendall(LEFT)
        return 0
    _put_in_place(call, files)
    signal.signal(signal.SIGIO, _interrupt)
    fcntl.fcntl(channel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(channel, fcntl.F_SETFL, fcntl.fcntl(channel, fcntl.F_GETFL) | os.O_ASYNC)
    channel.sendall(TAKEN)
    code = _run(call.arguments)
    with suppress(OSError):
        # The calling process may be gone.
        channel.sendall(LEFT if code is None else str(code).encode())
    return 0


def _heard(channel: socket.socket) -> tuple[Call | None, Sequence[int]]:
    """Receive a call and its open files; None and no files if the connection broke."""
    text, files, _, _ = socket.recv_fds(channel, 1 << 16, 4)
    if len(text) < LENGTH or len(files) != 4:
        return None, ()
    whole = int.from_bytes(text[:LENGTH], "big")
    body = bytearray(text[LENGTH:])
    while len(body) < whole <= LONGEST_CALL:
        part = channel.recv(1 << 16)
        if not part:
            break
        body += part
    return (Call(bytes(body)) if len(body) == whole else None), files


def _put_in_place(call: Call, files: Sequence[int]) -> None:
    """Take over the streams, folder, environment and umask of the calling process."""
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
        os.close(file)
    os.fchdir(files[3])
    os.close(files[3])
    os.umask(call.umask)
    sys.argv[1:] = call.arguments
    os.environ.clear()
    os.environ.update(call.environment)
    time.tzset()


def _interrupt(*_: object) -> NoReturn:
    """End the command: Ctrl-C was pressed in the calling process, or that process is gone."""
    raise KeyboardInterrupt


def _run(arguments: Sequence[str]) -> int | None:
    """Run a command; returns its exit code, or None, with nothing printed, if the calling process must run it."""
    from stackferry.cli import main as run
    from stackferry.errors import FAILED, INTERRUPTED, unwritable
    from stackferry.session import LeftToCallerError

    held = HeldOutput()
    held.hold()
    try:
        code = run(arguments, standby=True)
        held.release()
    except LeftToCallerError:
        return None
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED
    except OSError as error:
        os.write(2, f"{unwritable(error)}\n".encode())
        return FAILED
    return code


if __name__ == "__main__":
    sys.exit(main())
