"""Caches ShellCheck's answers by content, in one small file each, below `~/.cache/stackferry/shellcheck`.

Files and no database: 500 answers are read in 20 ms, concurrent runs need no lock, and a truncated file loses only one
answer. If the cache cannot be read or written, ShellCheck is run again without an error.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from stackferry.grammar.lint.shellcheck.record import record, recorded
from stackferry.grammar.lint.shellcheck.remark import Remark

_DAY = 86_400.0
_LONGEST = 30 * _DAY
"""An answer that was not used for this time is deleted."""
_MOST = 20_000
"""Most answers to keep: 80 MB on a disk with blocks of 4 kB."""


def default_folder(environment: Mapping[str, str]) -> str:
    """`$XDG_CACHE_HOME/stackferry/shellcheck`, by default below `~/.cache`."""
    home = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(home):
        home = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(home, "stackferry", "shellcheck")


class Cache:
    """A folder of answers; without a folder (`""`) it stores nothing. `now` is in seconds since 1970."""

    __slots__ = ("_now", "folder")

    def __init__(self, folder: str, now: float) -> None:
        self.folder = folder
        self._now = now

    def get(self, key: str) -> tuple[Remark, ...] | None:
        """The remarks under a key, None if there is no entry. A used entry is kept longer."""
        path = self._path(key)
        content = _read(path)
        found = recorded(content) if content else None
        if found is not None:
            with suppress(OSError):
                if os.stat(path).st_mtime < self._now - _DAY:
                    os.utime(path, (self._now, self._now))
        return found

    def put(self, key: str, remarks: Iterable[Remark]) -> None:
        """Store remarks under a key."""
        self._write(self._path(key), record(remarks))

    def version(self, identity: str) -> str:
        """The version of a program by its identity (`Program.identity`); empty if unknown."""
        for line in _read(self._programs).decode("utf-8", "replace").split("\n"):
            known, _, version = line.rpartition("\t")
            if known == identity:
                return version
        return ""

    def put_version(self, identity: str, version: str) -> None:
        """Store the version of a program, and keep those of the last few others."""
        path = identity.partition("\t")[0]
        lines = _read(self._programs).decode("utf-8", "replace").split("\n")
        others = [line for line in lines if line and not line.startswith(f"{path}\t")]
        content = "\n".join((*others[-9:], f"{identity}\t{version}", ""))
        self._write(self._programs, content.encode("utf-8", "surrogateescape"))

    def prune(self) -> None:
        """Delete old and excess entries, once a day."""
        stamp = os.path.join(self.folder, "pruned")
        try:
            if os.stat(stamp).st_mtime > self._now - _DAY:
                return
        except OSError:
            # This is the first run, with nothing to delete, or there is no folder.
            pass
        self._write(stamp, b"")
        with suppress(OSError):
            os.utime(stamp, (self._now, self._now))
        entries = sorted(self._entries(), reverse=True)
        for place, (used, path) in enumerate(entries):
            if place >= _MOST or used < self._now - _LONGEST:
                with suppress(OSError):
                    os.unlink(path)

    def _entries(self) -> Iterator[tuple[float, str]]:
        """The time of last use and the path of each answer."""
        for room in _listed(self.folder):
            for entry in _listed(room.path) if room.is_dir(follow_symlinks=False) else ():
                with suppress(OSError):
                    yield entry.stat(follow_symlinks=False).st_mtime, entry.path

    @property
    def _programs(self) -> str:
        return os.path.join(self.folder, "programs") if self.folder else ""

    def _path(self, key: str) -> str:
        return os.path.join(self.folder, key[:2], key[2:]) if self.folder else ""

    def _write(self, path: str, content: bytes) -> None:
        """Write a file atomically: other runs may read and write it at the same time."""
        if not self.folder:
            return
        unfinished = f"{path}.{os.getpid()}"
        try:
            try:
                _create(unfinished, content)
            except FileNotFoundError:
                os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
                _create(unfinished, content)
            os.replace(unfinished, path)
        except OSError:
            with suppress(OSError):
                os.unlink(unfinished)


def _create(path: str, content: bytes) -> None:
    with open(path, "wb") as stream:
        stream.write(content)


def _read(path: str) -> bytes:
    if not path:
        return b""
    try:
        with open(path, "rb", buffering=0) as stream:
            return stream.readall()
    except OSError:
        return b""


def _listed(folder: str) -> Sequence["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return ()
