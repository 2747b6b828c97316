"""Asking the standby process, before anything else is loaded. `start.py` comes here with every command line."""

import os
import sys

from stackferry.standby.message import READY, TAKEN, address, packed, surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

PATIENCE = 1.0
"""Seconds for it to take a call; one that is stopped, or has too much to do, is done without."""


def answer(arguments: "Sequence[str]") -> int | None:
    """The exit code of a command that the standby process ran; None if this process is to run it."""
    path = address(os.environ)
    if not path or not os.path.exists(path) or not _has_streams():
        return None
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
        channel.settimeout(PATIENCE)
        try:
            channel.connect(path)
            # Streams are sent to somebody who is there to take them: on their way they would stay open, and whoever
            # reads what this command writes would wait for their end.
            if channel.recv(1) != READY:
                return None
            _send(channel, arguments)
            if channel.recv(1) != TAKEN:
                return None
        except OSError:
            # Nobody listens any more, or not soon.
            return None
        return _end(channel)


def _has_streams() -> bool:
    """Whether all three are open. Else the socket would get the number of the one that is closed."""
    try:
        for number in (0, 1, 2):
            os.fstat(number)
    except OSError:
        return False
    return True


def _send(channel: "socket.socket", arguments: "Sequence[str]") -> None:
    import socket

    # Whoever listens there gets all of our environment.
    if (
        int.from_bytes(channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)[4:8], sys.byteorder)
        != os.geteuid()
    ):
        raise PermissionError
    umask = os.umask(0o077)
    os.umask(umask)
    call = packed(surroundings(os.environ), umask, arguments, os.environ)
    folder = os.open(".", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sent = socket.send_fds(channel, [call], [0, 1, 2, folder])
    finally:
        os.close(folder)
    channel.sendall(call[sent:])


def _end(channel: "socket.socket") -> int | None:
    """Wait for the end of a command that was taken."""
    channel.settimeout(None)
    while True:
        try:
            said = channel.recv(16)
        except KeyboardInterrupt:
            # Whatever it hears now is a Ctrl-C.
            channel.sendall(b"\x03")
        except ConnectionResetError:
            return None
        else:
            # Nothing: it was killed. What is run there changes nothing, so it can be run again.
            return int(said) if said.isdigit() else None
