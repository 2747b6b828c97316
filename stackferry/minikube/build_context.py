"""Packs a build context for a builder: the files that .dockerignore does not exclude, as a tar.

`node_build.py` sends it to the node. Its digest covers names, modes and contents. Times are sent but not part of the
digest: a fresh clone has the same content.
"""

import hashlib
import os
import stat
import tarfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.dockerfile.facts.ignore import Ignore
from stackferry.grammar.lazy_dataclass import dataclass

OWN_DOCKERFILE = ".stackferry.Dockerfile"
"""The name in the tar of a Dockerfile outside of the context: inline text, or a file elsewhere."""
_IGNORE = ".dockerignore"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, folder or link in the tar: `content` is text without a file, `target` the target of a link."""

    name: str
    source: Path | None
    mode: int
    content: bytes = b""
    target: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether the entry is a folder."""
        return stat.S_ISDIR(self.mode)


@dataclass(frozen=True, slots=True)
class BuildContext:
    """All entries, each after its folder. `dockerfile` is the Dockerfile's name among them."""

    entries: tuple[Entry, ...]
    dockerfile: str

    def digest(self, more: Iterable[str] = ()) -> str:
        """SHA-256 in hexadecimal of everything that is sent, and of `more`. Raises StackferryError."""
        found = hashlib.sha256()
        for text in (self.dockerfile, *more):
            said = text.encode("utf-8", "surrogateescape")
            found.update(b"%d:%s\0" % (len(said), said))
        for entry in self.entries:
            found.update(f"{entry.name}\0{entry.mode:o}\0{entry.target}\0".encode("utf-8", "surrogateescape"))
            if stat.S_ISREG(entry.mode):
                inner = hashlib.sha256()
                for piece in _pieces(entry):
                    inner.update(piece)
                found.update(inner.digest())
        return found.hexdigest()

    def pack(self, file: IO[bytes]) -> None:
        """Write the tar. Raises StackferryError if a file cannot be read."""
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for entry in self.entries:
                try:
                    _add(tar, entry)
                except OSError as error:
                    raise _unreadable(entry.source or entry.name, error) from error


def build_context(folder: Path, dockerfile: str, inline: str | None) -> BuildContext:
    """The context of a folder. `dockerfile` is relative to the folder; `inline` takes precedence.

    Raises StackferryError if the folder or its Dockerfile does not exist.
    """
    if not folder.is_dir():
        raise StackferryError(f"build context {folder} is not a directory", "check `build.context`")
    path = folder / (dockerfile or "Dockerfile")
    if inline is None and not path.is_file():
        raise StackferryError(f"Dockerfile {os.path.normpath(path)} not found", "check `build.dockerfile`")
    name = os.path.relpath(path, folder)
    is_inside = inline is None and not name.startswith("..")
    ignore, ignoring = _ignore(folder, path if inline is None else None)
    # These files are sent even if they are excluded, since the builder reads them itself.
    kept = {name, ignoring} if is_inside else {ignoring}
    entries = [*_walk(folder, Ignore(ignore), kept)]
    if is_inside:
        return BuildContext(tuple(entries), name)
    text = inline.encode() if inline is not None else _read(path)
    hidden = f"{ignore.rstrip()}\n{OWN_DOCKERFILE}*\n".lstrip()
    own = (
        Entry(OWN_DOCKERFILE, None, stat.S_IFREG | 0o644, text),
        Entry(f"{OWN_DOCKERFILE}{_IGNORE}", None, stat.S_IFREG | 0o644, hidden.encode()),
    )
    return BuildContext((*entries, *own), OWN_DOCKERFILE)


def _ignore(folder: Path, dockerfile: Path | None) -> tuple[str, str]:
    """The text of the effective .dockerignore, and its name: the one of the Dockerfile takes precedence."""
    places = [folder / _IGNORE]
    if dockerfile is not None:
        places.insert(0, dockerfile.with_name(f"{dockerfile.name}{_IGNORE}"))
    for path in places:
        if path.is_file():
            return _read(path).decode("utf-8", "replace"), os.path.relpath(path, folder)
    return "", _IGNORE


def _walk(folder: Path, ignore: Ignore, kept: set[str], below: str = "") -> Iterator[Entry]:
    """The entries of a folder, by name; an excluded folder only if something in it is included."""
    try:
        found = sorted(os.scandir(folder / below), key=lambda one: one.name)
    except OSError as error:
        raise _unreadable(folder / below, error) from error
    for path in found:
        name = f"{below}/{path.name}" if below else path.name
        entry = _entry(name, Path(path.path))
        if entry is None:
            continue
        is_out = name not in kept and leaves_out(ignore, name)
        inside = _inside(folder, ignore, kept, entry, is_out=is_out)
        if not is_out or inside:
            yield entry
        yield from inside


def _inside(folder: Path, ignore: Ignore, kept: set[str], entry: Entry, *, is_out: bool) -> list[Entry]:
    if not entry.is_folder:
        return []
    below = f"{entry.name}/"
    if is_out and not any(one.startswith(below) for one in kept) and not _may_bring_back(ignore, entry.name):
        return []
    return [*_walk(folder, ignore, kept, entry.name)]


def leaves_out(ignore: Ignore, name: str) -> bool:
    """Whether a file or folder of the context is excluded: the last matching pattern decides."""
    is_out = False
    for pattern in ignore.patterns:
        if pattern.brings_back == is_out and pattern.matches(name):
            is_out = not is_out
    return is_out


def _may_bring_back(ignore: Ignore, folder: str) -> bool:
    return any(one.brings_back and one.reaches_into(folder) for one in ignore.patterns)


def _entry(name: str, path: Path) -> Entry | None:
    """None for sockets and devices, which no builder takes."""
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        return Entry(name, path, stat.S_IFLNK | 0o777, target=os.readlink(path))
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return Entry(name, path, mode)
    return None


def _add(tar: tarfile.TarFile, entry: Entry) -> None:
    info = tarfile.TarInfo(entry.name)
    info.mode = stat.S_IMODE(entry.mode)
    if entry.source is None:
        info.size = len(entry.content)
        tar.addfile(info, BytesIO(entry.content))
        return
    info.mtime = int(os.lstat(entry.source).st_mtime)
    if entry.target:
        info.type, info.linkname = tarfile.SYMTYPE, entry.target
    elif entry.is_folder:
        info.type = tarfile.DIRTYPE
    else:
        with entry.source.open("rb") as file:
            info.size = os.fstat(file.fileno()).st_size
            tar.addfile(info, file)
        return
    tar.addfile(info)


def _pieces(entry: Entry) -> Iterator[bytes]:
    if entry.source is None:
        yield entry.content
        return
    try:
        with entry.source.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
    except OSError as error:
        raise _unreadable(entry.source, error) from error


def _unreadable(path: Path | str, error: OSError) -> StackferryError:
    return StackferryError(f"{path}: {error.strerror or error}", "make it readable, or list it in .dockerignore")


def _read(path: Path) -> bytes:
    return b"".join(_pieces(Entry(path.name, path, stat.S_IFREG)))
