"""Waking the manager of a stack: an empty datagram to its socket; several at once count as one.

Commands wake it after they have written the desired state; only the holder of the lock (`lock.py`) listens.
"""

import contextlib
import errno
import os
import socket
import time

from stackferry.emulator.store.directories import Home


def _address(home: Home) -> str:
    """The socket's path, or a name without a file if the path is too long for the kernel (107 bytes)."""
    path = str(home.socket)
    return path if len(path.encode()) < 100 else f"\0stackferry{hash_of(path)}"


def hash_of(text: str) -> str:
    """A short name for a long path."""
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()[:32]


def wake(home: Home) -> bool:
    """Wake the manager; False if none listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as channel:
        try:
            channel.sendto(b"", _address(home))
        except BlockingIOError:
            return True
        except OSError:
            return False
    return True


def listen(home: Home) -> socket.socket:
    """The socket that wake-ups arrive on. For the holder of the lock only: no other process uses an old socket then."""
    address = _address(home)
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    if not address.startswith("\0"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(address)
    for attempt in range(100):
        try:
            channel.bind(address)
            break
        except OSError as error:
            # The last manager is ending: it has released the lock but not yet the address.
            if error.errno != errno.EADDRINUSE or attempt == 99:
                raise
            time.sleep(0.02)
    return channel


def hang_up(channel: socket.socket) -> None:
    """Close the socket, also while a thread listens on it."""
    with contextlib.suppress(OSError):
        channel.shutdown(socket.SHUT_RDWR)
    channel.close()
