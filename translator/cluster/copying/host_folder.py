"""Reads what is copied from this machine: the listing of a folder or file, and the contents as they are sent.

The only file of this package that accesses the file system. No file is ever held in memory as a whole.
"""

import errno
import hashlib
import os
import posixpath
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.copying.entries import FILE, FOLDER, Entry, Listing, link, listing
from stackferry.translator.volumes.filling.copies import Copy

PIECE = 65_536
"""Bytes read and sent at a time."""


class CopyError(StackferryError):
    """A copy cannot be made correctly."""


@dataclass(frozen=True, slots=True)
class HostFolder:
    """A folder, or a single file, of this machine. `skipped` are sockets and the like, which cannot be copied."""

    copy: Copy
    listing: Listing
    skipped: tuple[str, ...] = ()

    def place(self, entry: Entry) -> str:
        """The path of an entry on this machine."""
        return os.path.join(self.copy.source, entry.path) if self.copy.is_folder else self.copy.source

    def owner(self, entry: Entry) -> tuple[int, int]:
        """The uid and gid that its copy gets."""
        if self.copy.owner is not None:
            return self.copy.owner.user, self.copy.owner.group
        found = self._status(entry)
        return found.st_uid, found.st_gid

    def time(self, entry: Entry) -> int:
        """Its modification time in seconds."""
        return max(0, int(self._status(entry).st_mtime))

    def content(self, entry: Entry) -> Iterator[bytes]:
        """The content of a file, in pieces. Raises CopyError if it no longer matches the listing."""
        digest, left = hashlib.sha256(), entry.size
        with _opened(self.place(entry), self.copy) as file:
            while left and (piece := os.read(file, min(PIECE, left))):
                digest.update(piece)
                left -= len(piece)
                yield piece
        if left or digest.hexdigest() != entry.digest:
            raise CopyError(
                f"{self.shown(entry)} was changed while it was copied", "run it again when nothing writes there"
            )

    def shown(self, entry: Entry) -> str:
        """The path of an entry as shown to people."""
        return posixpath.join(self.copy.shown, entry.path) if self.copy.is_folder else self.copy.shown

    def _status(self, entry: Entry) -> os.stat_result:
        try:
            return os.lstat(self.place(entry))
        except OSError as error:
            raise _unreadable(self.shown(entry), error) from error


def read(copy: Copy) -> HostFolder:
    """List everything that is copied. Raises CopyError if something cannot be read."""
    skipped: list[str] = []
    if copy.is_folder:
        return HostFolder(copy, listing(_below(copy, skipped)), tuple(skipped))
    try:
        status = os.stat(copy.source)
    except OSError as error:
        raise _unreadable(copy.shown, error) from error
    if not stat.S_ISREG(status.st_mode):
        raise CopyError(f"{copy.shown} is neither a file nor a folder: it cannot be copied", "remove its mount")
    return HostFolder(copy, listing([_file(copy, copy.name, copy.source, status)]))


def _below(copy: Copy, skipped: list[str]) -> Iterator[Entry]:
    waiting = [""]
    while waiting:
        at = waiting.pop()
        try:
            with os.scandir(os.path.join(copy.source, at)) as entries:
                found = sorted(entry.name for entry in entries)
        except OSError as error:
            raise _unreadable(posixpath.join(copy.shown, at), error) from error
        for name in found:
            path = os.path.join(at, name)
            if copy.skip(path):
                continue
            entry = _entry(copy, path)
            if entry is None:
                skipped.append(path)
                continue
            if entry.is_folder:
                waiting.append(path)
            yield entry


def _entry(copy: Copy, path: str) -> Entry | None:
    """The entry at `path`; None if it is neither file, folder nor link."""
    place = os.path.join(copy.source, path)
    try:
        status = os.lstat(place)
        if stat.S_ISLNK(status.st_mode):
            return link(path, os.readlink(place))
    except OSError as error:
        raise _unreadable(posixpath.join(copy.shown, path), error) from error
    if stat.S_ISDIR(status.st_mode):
        return Entry(path, FOLDER, stat.S_IMODE(status.st_mode))
    return _file(copy, path, place, status) if stat.S_ISREG(status.st_mode) else None


def _file(copy: Copy, path: str, place: str, status: os.stat_result) -> Entry:
    digest, size = hashlib.sha256(), 0
    with _opened(place, copy) as file:
        while piece := os.read(file, PIECE):
            digest.update(piece)
            size += len(piece)
    return Entry(path, FILE, stat.S_IMODE(status.st_mode), size, digest.hexdigest())


@contextmanager
def _opened(place: str, copy: Copy) -> Iterator[int]:
    """The descriptor of a file to read; in a folder, a link at the end of the path is not followed."""
    # A FIFO in the file's place must not block us.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (os.O_NOFOLLOW if copy.is_folder else 0)
    try:
        file = os.open(place, flags)
    except OSError as error:
        below = os.path.relpath(place, copy.source)
        raise _unreadable(posixpath.join(copy.shown, below) if copy.is_folder else copy.shown, error) from error
    try:
        yield file
    finally:
        os.close(file)


def _unreadable(shown: str, error: OSError) -> CopyError:
    hint = "the file disappeared while it was copied: run it again"
    if error.errno in (errno.EACCES, errno.EPERM):
        hint = "make it readable for you, list it in a .dockerignore in the folder, or mount a named volume instead"
    return CopyError(f"{shown} cannot be copied: {(error.strerror or str(error)).lower()}", hint)
