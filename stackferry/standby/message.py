"""The protocol between a command line and the standby process, over a socket in the user's state folder.

The standby process says READY. The command sends its `Call` with four open files: standard input, output and error,
and the working directory. The standby process answers TAKEN, then LEFT or the exit code in digits. Imported at every
start, so it imports only `os` and `sys`.
"""

import os
import sys

from stackferry import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable, Mapping, Sequence

READY = b"?"
TAKEN = b"+"
LEFT = b"-"
"""The calling process must run the command itself: it changes something, or takes time."""

AT_ONCE = frozenset(
    {
        *(("ps",), ("services",), ("ls",), ("port",), ("up",)),
        *(("stack", "ps"), ("stack", "services"), ("stack", "ls"), ("service", "ps"), ("service", "ls")),
        ("node", "ls"),
    }
)
"""The commands that the standby process answers, by their words."""

LENGTH = 8
"""Size in bytes of the length that precedes a call."""

LONGEST_PATH = 100
"""Most bytes of a socket's path; the kernel takes 107. With a longer path there is no standby process."""

_NAMESPACES = ("mnt", "net", "pid", "user")


def address(environment: "Mapping[str, str]") -> str:
    """The path of the socket; empty without a standby process: it is switched off, or the path is too long."""
    home = environment.get("HOME")
    state = environment.get("XDG_STATE_HOME") or (f"{home}/.local/state" if home else "")
    path = f"{state}/stackferry/standby"
    if not state or environment.get("STACKFERRY_STANDBY") == "off" or len(os.fsencode(path)) > LONGEST_PATH:
        return ""
    return path


def surroundings(environment: "Mapping[str, str]") -> str:
    """The facts that must be equal in both processes for them to give the same answer.

    They are the program, the kernel's permissions and namespaces, and what an interpreter reads only at its start.
    """
    root = os.stat("/")
    facts: list[object] = [__version__, os.path.dirname(__file__), sys.prefix, sys.version, sys.getfilesystemencoding()]
    facts += [root.st_dev, root.st_ino, os.getuid(), os.geteuid(), os.getgid(), os.getegid(), sorted(os.getgroups())]
    facts += [os.readlink(f"/proc/self/ns/{name}") for name in _NAMESPACES]
    facts += sorted(f"{name}={value}" for name, value in environment.items() if name.startswith("PYTHON"))
    return repr(facts)


def peer_uid(channel: "socket.socket") -> int:
    """The user id of the process at the other end: each side hands over its environment or its answer."""
    import socket

    # struct ucred: process, user and group id, four bytes each.
    credentials = channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return int.from_bytes(credentials[4:8], sys.byteorder)


def packed(facts: str, umask: int, arguments: "Sequence[str]", environment: "Mapping[str, str]") -> bytes:
    """A serialised call, preceded by its length."""
    fields: Iterable[str] = (
        facts,
        str(umask),
        str(len(arguments)),
        *arguments,
        *(f"{name}={value}" for name, value in environment.items()),
    )
    text = b"\0".join(map(os.fsencode, fields))
    return len(text).to_bytes(LENGTH, "big") + text


class Call:
    """A command line and where it was typed. `facts`: the `surroundings` of its process."""

    def __init__(self, text: bytes) -> None:
        facts, umask, count, *rest = (os.fsdecode(field) for field in text.split(b"\0"))
        self.facts, self.umask = facts, int(umask)
        self.arguments = rest[: int(count)]
        pairs = (field.partition("=") for field in rest[int(count) :])
        self.environment = {name: value for name, _, value in pairs}
