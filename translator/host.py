"""The host's files as the translation sees them: content, folders, permission bits.

Extends `grammar.files` by what mounts need; besides `output.py` and the copies of `cluster/`, this is the only file of
the package that accesses a file system, and only through the `Files` it was given.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import field
from itertools import islice

from stackferry.grammar.files import Files, Memory
from stackferry.grammar.lazy_dataclass import dataclass

MOST_ENTRIES = 500
"""A folder with more files and folders is data, not configuration; listing stops there."""
FILE_MODE = 0o644
FOLDER_MODE = 0o755

Skip = Callable[[str], bool]
"""Whether a path below the listed folder is left out, with everything below it."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The contents of a folder as sorted relative paths; `links` are the links not followed, each with its target."""

    files: tuple[str, ...]
    folders: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Host:
    """A view of `files` that never raises: files that cannot be read count as absent.

    `replaced` is the content, by full path, of files that reach the cluster with other content than here.
    """

    files: Files
    replaced: Mapping[str, bytes] = field(default_factory=dict)
    _texts: dict[str, str | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def content(self, path: str) -> bytes | None:
        """The file's bytes, None if it cannot be read."""
        full = self.full(path)
        if full in self.replaced:
            return self.replaced[full]
        try:
            return self.files.read(full)
        except (OSError, ValueError):
            return None

    def text(self, path: str) -> str | None:
        """The file as text, None if it cannot be read. Cached: every pass looks into Dockerfiles."""
        if path not in self._texts:
            content = self.content(path)
            self._texts[path] = None if content is None else content.decode("utf-8", "replace")
        return self._texts[path]

    def is_dir(self, path: str) -> bool:
        """Whether the path is a folder."""
        return _quietly(self.files.is_dir, self.full(path))

    def exists(self, path: str) -> bool:
        """Whether the path exists."""
        return _quietly(self.files.exists, self.full(path))

    def size(self, path: str) -> int | None:
        """The file's size in bytes, if possible without reading it; None if there is no file."""
        if isinstance(self.files, Memory) or self.full(path) in self.replaced:
            content = self.content(path)
            return None if content is None else len(content)
        try:
            return os.stat(self.full(path)).st_size
        except (OSError, ValueError):
            return None

    def tree(self, path: str, skip: Skip | None = None, *, follow: bool = True) -> Tree | None:
        """Everything below the folder except what `skip` excludes; None if it is too much or unreadable.

        Links are followed, unless `follow` is false.
        """
        top = os.path.normpath(self.full(path))
        left_out = skip or _nothing
        if isinstance(self.files, Memory):
            return _memory_tree(self.files, top, left_out)
        return _disk_tree(top, left_out, follow)

    def mode(self, path: str) -> int:
        """The permission bits, links followed; the usual bits if they cannot be read."""
        usual = FOLDER_MODE if self.is_dir(path) else FILE_MODE
        if isinstance(self.files, Memory):
            return usual
        try:
            return os.stat(self.full(path)).st_mode & 0o777
        except (OSError, ValueError):
            return usual

    def names(self, path: str) -> tuple[str, ...]:
        """The names directly in a folder, sorted; empty if it cannot be listed."""
        full = os.path.normpath(self.full(path))
        if isinstance(self.files, Memory):
            below = full.rstrip("/") + "/"
            found = (name.removeprefix(below) for name in self.files.files if name.startswith(below))
            return tuple(sorted({name.partition("/")[0] for name in found}))
        try:
            return tuple(sorted(os.listdir(full)))
        except (OSError, ValueError):
            return ()

    def real(self, path: str) -> str:
        """The path made absolute, with every link in it followed."""
        full = os.path.normpath(self.full(path))
        return full if isinstance(self.files, Memory) else os.path.realpath(full)

    def owner(self, path: str) -> int | None:
        """The uid of the path's owner; None if unknown."""
        if isinstance(self.files, Memory):
            return None
        try:
            return os.stat(self.full(path)).st_uid
        except (OSError, ValueError):
            return None

    def full(self, path: str) -> str:
        """The path made absolute, as it is read."""
        return os.path.join(self.files.cwd, path)


def _nothing(_: str) -> bool:
    return False


def _quietly(question: Callable[[str], bool], path: str) -> bool:
    try:
        return question(path)
    except (OSError, ValueError):
        return False


def _memory_tree(files: Memory, top: str, skip: Skip) -> Tree:
    below = top.rstrip("/") + "/"
    found = [name.removeprefix(below) for name in files.files if name.startswith(below)]
    kept = [name for name in found if not any(map(skip, (*_above(name), name)))]
    return Tree(tuple(sorted(kept)), tuple(sorted({folder for name in kept for folder in _above(name)})))


def _above(path: str) -> list[str]:
    """The parent folders of a relative path."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: end + 1]) for end in range(len(parts))]


def _disk_tree(top: str, skip: Skip, follow: bool) -> Tree | None:
    """The tree on disk. A followed link that leads back up to a parent folder would never end."""
    files: list[str] = []
    below: list[str] = []
    links: list[tuple[str, str]] = []
    seen = 0
    try:
        waiting = [("", frozenset((os.path.realpath(top),)))]
        while waiting:
            at, above = waiting.pop()
            with os.scandir(os.path.join(top, at)) as entries:
                listed = (
                    (os.path.join(at, entry.name), entry.is_dir(), entry.is_symlink() and not follow)
                    for entry in entries
                )
                found = list(islice((entry for entry in listed if not skip(entry[0])), MOST_ENTRIES + 1))
            seen += len(found)
            links += [(path, os.readlink(os.path.join(top, path))) for path, _, is_link in found if is_link]
            held = [(path, is_folder) for path, is_folder, is_link in found if not is_link]
            files += [path for path, is_folder in held if not is_folder]
            folders = {path: os.path.realpath(os.path.join(top, path)) for path, is_folder in held if is_folder}
            if seen > MOST_ENTRIES or any(real in above for real in folders.values()):
                return None
            below += folders
            waiting += [(path, above | {real}) for path, real in folders.items()]
    except (OSError, ValueError):
        return None
    return Tree(tuple(sorted(files)), tuple(sorted(below)), tuple(sorted(links)))
