"""Packs and unpacks the tar archives of `cp` by the rules of `docker cp`. Does not talk to the engine.

If the destination is a directory, the source is copied into it under its own name. `SRC/.` copies the content of a
directory. If the destination does not exist, it is the new name.
"""

import io
import os
import posixpath
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from stackferry.emulator.engine.protocol import Source
from stackferry.grammar.diagnostics import StackferryError

_BLOCK = 1 << 16


def target(source: str, source_is_directory: bool, place: str, is_directory: Callable[[str], bool | None]) -> str:
    """The path of a copy at a destination; raises if it is impossible. `is_directory` gives None for missing paths."""
    there = is_directory(place)
    if there:
        return place if _is_content(source) else posixpath.join(place, posixpath.basename(source.rstrip("/")))
    if there is False and source_is_directory:
        raise StackferryError(f"cannot copy a directory over a file: {place}")
    if there is None and place.endswith("/") and not source_is_directory:
        raise StackferryError(f"no such directory: {place}", "create it first, or remove the trailing /")
    parent = posixpath.dirname(place.rstrip("/")) or "."
    if there is None and not is_directory(parent):
        raise StackferryError(f"no such directory: {parent}", "create it first")
    return place.rstrip("/")


def _is_content(source: str) -> bool:
    return source == "." or source.endswith("/.")


def pack(source: str, name: str, *, follow: bool = False, owner: bool = False) -> Iterator[bytes]:
    """A local file or directory as a tar whose top member is `name`. Owned by root, unless `owner` keeps the owner.

    In blocks, so that no file has to fit into memory.
    """
    # Symbolic links are copied as links, but a source `link/` is followed.
    path = os.path.realpath(source) if follow or source.endswith("/") or _is_content(source) else source
    # `tar` makes the headers and recognises hard links.
    with tarfile.open(fileobj=io.BytesIO(), mode="w", dereference=follow) as tar:
        yield from _packed(tar, path, name or ".", owner=owner)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _packed(tar: tarfile.TarFile, path: str, name: str, *, owner: bool) -> Iterator[bytes]:
    member = tar.gettarinfo(path, name)
    # Python's stubs do not say that this is None for a socket, which a tar cannot hold.
    if member is None:
        return
    if not owner:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
    yield member.tobuf(tar.format or tarfile.PAX_FORMAT, tar.encoding or "utf-8", tar.errors or "surrogateescape")
    if member.isreg():
        with open(path, "rb") as file:
            yield from _exactly(file, member.size, path)
    elif member.isdir():
        for child in sorted(os.listdir(path)):
            yield from _packed(tar, os.path.join(path, child), f"{name}/{child}", owner=owner)


def _exactly(file: BinaryIO, size: int, path: str) -> Iterator[bytes]:
    """The first `size` bytes of a file, padded to whole blocks."""
    left = size
    while left:
        block = file.read(min(left, _BLOCK))
        if not block:
            raise StackferryError(f"{path} shrank while it was read", "copy it again")
        left -= len(block)
        yield block
    yield bytes(-size % tarfile.BLOCKSIZE)


def blocks(file: BinaryIO | Source) -> Iterator[bytes]:
    """The whole file in blocks."""
    return iter(lambda: file.read(_BLOCK), b"")


def opened(archive: Source) -> tarfile.TarFile:
    """Open a tar from the engine as a stream."""
    return tarfile.open(fileobj=archive, mode="r|")  # type: ignore[call-overload, no-any-return]


def is_directory_in(tar: tarfile.TarFile) -> bool:
    """Whether a tar from the engine holds a directory."""
    first = next(iter(tar), None)
    return first is not None and first.isdir()


def unpack(tar: tarfile.TarFile, to: str, *, owner: bool = False) -> None:
    """Extract a tar from the engine so that its first member becomes `to`. Owned by us, unless `owner` is kept."""

    def members() -> Iterator[tarfile.TarInfo]:
        old, new = None, os.path.basename(to)
        for member in tar:
            old = old or member.name.rstrip("/")
            changed = member.replace(name=_moved(member.name, old, new), deep=False)
            if member.islnk():
                changed.linkname = _moved(member.linkname, old, new)
            if not owner:
                changed.uid, changed.gid, changed.uname, changed.gname = os.getuid(), os.getgid(), "", ""
            yield changed

    # The filter keeps members below the destination, whatever names and links the container has made.
    tar.extractall(Path(to).parent, members=members(), numeric_owner=True, filter="tar")


def _moved(name: str, old: str, new: str) -> str:
    return new + name[len(old) :] if name == old or name.startswith(f"{old}/") else name


def is_directory_here(path: str) -> bool | None:
    """Whether a local path is a directory; None if it does not exist."""
    return os.path.isdir(path) if os.path.exists(path) else None
