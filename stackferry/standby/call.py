"""Calls the standby process before anything else is imported. `start.py` does this for every command line."""

import os

from stackferry.standby.message import AT_ONCE, READY, TAKEN, address, packed, peer_uid, surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

PATIENCE = 1.0
"""Seconds for the standby process to take a call; if it is stopped or overloaded, the command runs without it."""


def answer(arguments: "Sequence[str]") -> int | None:
    """The exit code of a command that the standby process ran; None if this process must run it."""
    # Most other commands are recognised here: asking would cost them some milliseconds.
    if not any(words[-1] in arguments for words in AT_ONCE):
        return None
    path = address(os.environ)
    if not path or not os.path.exists(path) or not _has_streams():
        return None
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
        channel.settimeout(PATIENCE)
        try:
            channel.connect(path)
            # Send the streams only to a process that is ready to receive them: in transit they would stay open, and
            # the reader of this command's output would wait for their end.
            if channel.recv(1) != READY:
                return None
            _send(channel, arguments)
            if channel.recv(1) != TAKEN:
                return None
        except OSError:
            # The standby process is gone or too slow.
            return None
        return _end(channel)


def _has_streams() -> bool:
    """Whether all three standard streams are open. Else the socket would get the descriptor of the closed one."""
    try:
        for number in (0, 1, 2):
            os.fstat(number)
    except OSError:
        return False
    return True


def _send(channel: "socket.socket", arguments: "Sequence[str]") -> None:
    import socket

    # The listener receives our whole environment, so the socket must be this user's.
    if peer_uid(channel) != os.geteuid():
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
    """Wait for the end of a command that the standby process has taken."""
    channel.settimeout(None)
    while True:
        try:
            said = channel.recv(16)
        except KeyboardInterrupt:
            # Any byte that is sent now means Ctrl-C.
            channel.sendall(b"\x03")
        except ConnectionResetError:
            return None
        else:
            # No answer: the child was killed. Its commands change nothing, so this process can run it again.
            return int(said) if said.isdigit() else None
