"""The host's files as the translation looks at them: content, folders, the executable bit.

Widens `grammar.files` by what mounts need; the only file of this package, beside `output.py`, that
reaches a file system, and only through the `Files` it was given.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from stackferry.grammar.files import Files, Memory

MOST_ENTRIES = 500
"""A folder with more files and folders is data, not configuration; listing stops there."""


@dataclass(frozen=True, slots=True)
class Host:
    """A view on `files` that never raises: what cannot be read is as if it were not there."""

    files: Files

    def content(self, path: str) -> bytes | None:
        """The file's bytes, None if it cannot be read."""
        try:
            return self.files.read(self.full(path))
        except (OSError, ValueError):
            return None

    def is_dir(self, path: str) -> bool:
        """Whether a folder is there."""
        return _quietly(self.files.is_dir, self.full(path))

    def exists(self, path: str) -> bool:
        """Whether anything is there."""
        return _quietly(self.files.exists, self.full(path))

    def tree(self, path: str) -> tuple[str, ...] | None:
        """Every file below the folder, as sorted relative paths; None if it has too many or is unreadable."""
        top = os.path.normpath(self.full(path))
        if isinstance(self.files, Memory):
            below = top.rstrip("/") + "/"
            return tuple(sorted(name.removeprefix(below) for name in self.files.files if name.startswith(below)))
        return _disk_tree(top)

    def executable(self, path: str) -> bool:
        """Whether the owner may execute the file."""
        if isinstance(self.files, Memory):
            return False
        return _quietly(lambda name: bool(os.stat(name).st_mode & 0o100), self.full(path))

    def full(self, path: str) -> str:
        """The path made absolute, as it is read."""
        return os.path.join(self.files.cwd, path)


def _quietly(question: Callable[[str], bool], path: str) -> bool:
    try:
        return question(path)
    except (OSError, ValueError):
        return False


def _disk_tree(top: str) -> tuple[str, ...] | None:
    """Links to folders are followed, as a container follows them; one that leads back up has no end."""
    found: list[str] = []
    seen = 0
    try:
        waiting = [("", frozenset((os.path.realpath(top),)))]
        while waiting:
            below, above = waiting.pop()
            with os.scandir(os.path.join(top, below)) as entries:
                held = [
                    (os.path.join(below, entry.name), entry.is_dir()) for entry in islice(entries, MOST_ENTRIES + 1)
                ]
            seen += len(held)
            found += [path for path, is_folder in held if not is_folder]
            folders = {path: os.path.realpath(os.path.join(top, path)) for path, is_folder in held if is_folder}
            if seen > MOST_ENTRIES or any(real in above for real in folders.values()):
                return None
            waiting += [(path, above | {real}) for path, real in folders.items()]
    except (OSError, ValueError):
        return None
    return tuple(sorted(found))
