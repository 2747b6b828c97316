"""One manager per stack and engine, whatever its state directory: a name that the kernel gives to one process only.

Two users, or one user with two values of XDG_STATE_HOME, may bring up stacks of the same name on one engine: each
manager would take the other's containers for leftovers. The name is an abstract socket, so it disappears when its
holder dies. It works within one network namespace of one Linux host: a manager on another machine or in a container
is not seen.
"""

import errno
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256

from stackferry.emulator.engine.protocol import Engine, EngineError
from stackferry.emulator.manager.lock import manager_pid
from stackferry.emulator.store.directories import Home
from stackferry.grammar.diagnostics import StackferryError

_PATIENCE = 25
_LOOK = 0.02
"""Seconds between attempts: a manager that was just killed holds its name for a moment."""


class EngineLock:
    """A process's claim to a stack on an engine, made once the engine has told its id."""

    def __init__(self, engine: Engine, stack: str, home: Home) -> None:
        self.engine, self.stack, self.home = engine, stack, home
        self._held: socket.socket | None = None
        self._made = False

    def make(self) -> None:
        """Claim the stack, if not done yet. Raises if another process has it, EngineError if no engine answers."""
        if self._made:
            return
        identity = self.engine.version().identity
        if identity and not _patiently(lambda: self._bind(_name(identity, self.stack))):
            raise _refusal(identity, self.stack)
        # Another engine than last time, or the first time. On a full disk, later commands merely lack their warning.
        with suppress(OSError):
            self.home.engine.write_text(identity, encoding="utf-8")
        self._made = True

    def _bind(self, name: str) -> bool:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(name)
            listener.listen(128)
        except OSError as error:
            listener.close()
            # A system without abstract sockets has no such protection.
            return error.errno != errno.EADDRINUSE
        self._held = listener
        return True

    def release(self) -> None:
        """Release the claim."""
        if self._held is not None:
            self._held.close()
            self._held = None


def refuse_rival(home: Home, stack: str, engine: Engine) -> None:
    """Raise if a manager with another state directory has this stack, before anything is written for it."""
    if manager_pid(home) is None:
        _refuse(home, stack, engine.version().identity)


def refuse_known_rival(home: Home, stack: str) -> None:
    """The same without asking the engine, for the engine that the stack was last on: a new manager would be refused."""
    with suppress(OSError):
        identity = home.engine.read_text(encoding="utf-8")
        if manager_pid(home) is None:
            _refuse(home, stack, identity)


def _refuse(home: Home, stack: str, identity: str) -> None:
    name = _name(identity, stack)
    if identity and not _patiently(lambda: manager_pid(home) is not None or _holder(name) is None):
        raise _refusal(identity, stack)


def _patiently(holds: Callable[[], bool]) -> bool:
    for _ in range(_PATIENCE):
        if holds():
            return True
        time.sleep(_LOOK)
    return False


def _name(identity: str, stack: str) -> str:
    return f"\0stackferry-manager-{sha256(f'{identity}/{stack}'.encode()).hexdigest()[:32]}"


def _holder(name: str) -> int | None:
    """The process that has a name, 0 if that process is unknown; None if no process has it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as client:
        try:
            client.connect(name)
        except BlockingIOError:
            return 0
        except OSError:
            return None
        pid, _, _ = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
        return int(pid)


def _refusal(identity: str, stack: str) -> StackferryError:
    pid = _holder(_name(identity, stack))
    process = f" (process {pid})" if pid else ""
    return StackferryError(
        f"another manager of {stack} is already running on this engine{process}, with another state directory",
        "set XDG_STATE_HOME (or HOME) to what it was when the stack was started, or give this stack another name",
    )


def claimed(claim: EngineLock) -> bool:
    """Make the claim if the engine answers; returns whether it did."""
    try:
        claim.make()
    except EngineError:
        return False
    return True
