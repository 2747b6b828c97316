"""The front end's only access to a file system.

`Disk` is the real file system; `Memory` holds files in a dict, for callers and tests without files.
Nothing here writes.
"""

import os
import stat
from collections.abc import Mapping
from typing import Protocol

LARGEST_FILE = 64 * 1024 * 1024
"""Most bytes that are read from one file: no compose file is larger, and memory is finite."""

_OPEN_ALREADY = "/dev/fd/"


class Files(Protocol):
    """What loading needs of a file system. Paths are absolute or relative to `cwd`."""

    cwd: str
    home: str | None

    def read(self, path: str) -> bytes:
        """The content; raises OSError as `open` does, also for what is not a regular file."""

    def exists(self, path: str) -> bool:
        """Whether a file or directory exists; links are followed."""

    def is_dir(self, path: str) -> bool:
        """Whether a directory exists; links are followed."""

    def resolve_link(self, path: str) -> str:
        """`path` with its first symbolic link resolved; unchanged if there is none."""


def is_within(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or below it. Both absolute, or both relative to the same directory."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def working_directory(said: str | None) -> str:
    """The absolute path of the working directory: $PWD if it names the same directory, else the kernel's path.

    As in Go, and so in docker compose: a directory reached through a link keeps the link's name.
    """
    path = os.path.normpath("/" + said.lstrip("/")) if said and said.startswith("/") else ""
    try:
        same = path != "" and os.path.samefile(path, os.curdir)
    except (OSError, ValueError):
        same = False
    return path if same else os.getcwd()


class Disk:
    """The real file system; paths are relative to `cwd`, else to the working directory."""

    def __init__(self, cwd: str | None = None, home: str | None = None) -> None:
        self.cwd = cwd if cwd is not None else working_directory(os.environ.get("PWD"))
        self.home = home if home is not None else os.environ.get("HOME")

    def read(self, path: str) -> bytes:
        """Content of a regular file; a FIFO or device is refused at once instead of blocking.

        The null device is an empty file: people use it to switch a file off, and docker compose reads it that way.
        """
        descriptor = os.open(self._absolute(path), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as stream:
            mode = os.fstat(descriptor).st_mode
            if stat.S_ISDIR(mode):
                raise IsADirectoryError(21, "Is a directory", path)
            if path.startswith(_OPEN_ALREADY):
                # `-f <(...)`: the parent process holds the other end of the pipe, and closes it.
                os.set_blocking(descriptor, True)
            elif not stat.S_ISREG(mode) and path not in ("/dev/stdin", os.devnull):
                raise OSError(22, "not a regular file", path)
            content = stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise OSError(27, f"larger than {LARGEST_FILE} bytes", path)
        return content

    def exists(self, path: str) -> bool:
        """Whether a file or directory exists."""
        return os.path.exists(self._absolute(path))

    def is_dir(self, path: str) -> bool:
        """Whether a directory exists."""
        return os.path.isdir(self._absolute(path))

    def _absolute(self, path: str) -> str:
        return os.path.join(self.cwd, path)

    def resolve_link(self, path: str) -> str:
        """Resolve the first link among the parents, as docker compose does for watched paths."""
        current = "/" if os.path.isabs(path) else ""
        for part in path.split("/"):
            if not part:
                continue
            current = os.path.join(current, part)
            if os.path.islink(current):
                return path.replace(current, os.path.realpath(current), 1)
        return path


class Memory:
    """Files held in a dict, path to content; directories are implied by the paths."""

    def __init__(self, files: Mapping[str, bytes | str], cwd: str = "/", home: str | None = None) -> None:
        self.cwd = cwd
        self.home = home
        self.files = {
            os.path.normpath(os.path.join(cwd, path)): content.encode() if isinstance(content, str) else content
            for path, content in files.items()
        }

    def read(self, path: str) -> bytes:
        """The content held for `path`."""
        full = os.path.normpath(os.path.join(self.cwd, path))
        if full in self.files:
            return self.files[full]
        if self.is_dir(full):
            raise IsADirectoryError(21, "Is a directory", path)
        raise FileNotFoundError(2, "No such file or directory", path)

    def exists(self, path: str) -> bool:
        """Whether a file or an implied directory is there."""
        return os.path.normpath(os.path.join(self.cwd, path)) in self.files or self.is_dir(path)

    def is_dir(self, path: str) -> bool:
        """Whether some file lies below `path`."""
        full = os.path.normpath(os.path.join(self.cwd, path)).rstrip("/") + "/"
        return any(name.startswith(full) for name in self.files)

    def resolve_link(self, path: str) -> str:
        """There are no links here."""
        return path
