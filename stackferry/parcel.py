"""What `cp` carries: a file or directory as a tar, packed and unpacked by the rules of `docker cp`. No engine in here.

A place that is a directory gets what is copied under its own name, `SRC/.` gives the content of a directory, and a
place that is not there yet is the new name.
"""

import io
import os
import posixpath
import tarfile
from collections.abc import Callable
from pathlib import Path

from grammar.diagnostics import StackferryError


def target(source: str, source_is_directory: bool, place: str, is_directory: Callable[[str], bool | None]) -> str:
    """The path that a copy gets at a place; raises where that cannot be. `is_directory`: None where nothing is."""
    there = is_directory(place)
    if there:
        return place if _is_content(source) else posixpath.join(place, posixpath.basename(source.rstrip("/")))
    if there is False and source_is_directory:
        raise StackferryError(f"cannot copy a directory over a file: {place}")
    if there is None and place.endswith("/") and not source_is_directory:
        raise StackferryError(f"no such directory: {place}", "make it first, or leave the / at its end away")
    parent = posixpath.dirname(place.rstrip("/")) or "."
    if there is None and not is_directory(parent):
        raise StackferryError(f"no such directory: {parent}", "make it first")
    return place.rstrip("/")


def _is_content(source: str) -> bool:
    return source == "." or source.endswith("/.")


def pack(source: str, name: str, *, follow: bool = False, owner: bool = False) -> bytes:
    """A file or directory of ours as a tar of what will be called `name`. Root's, unless its `owner` is kept."""

    def clean(member: tarfile.TarInfo) -> tarfile.TarInfo:
        if not owner:
            member.uid = member.gid = 0
            member.uname = member.gname = ""
        return member

    packed = io.BytesIO()
    # A link is copied as one, but for the source itself where it says `link/`.
    path = os.path.realpath(source) if follow or source.endswith("/") or _is_content(source) else source
    with tarfile.open(fileobj=packed, mode="w", dereference=follow) as tar:
        tar.add(path, name or ".", filter=clean)
    return packed.getvalue()


def is_directory_in(archive: bytes) -> bool:
    """Whether a tar of the engine's is of a directory."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        first = tar.next()
        return first is not None and first.isdir()


def unpack(archive: bytes, to: str, *, owner: bool = False) -> None:
    """Write a tar of the engine's so that its first member is called `to`. Ours, unless its `owner` is kept."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        members = tar.getmembers()
        old, new = members[0].name.rstrip("/"), os.path.basename(to)
        for member in members:
            member.name = _moved(member.name, old, new)
            if member.islnk():
                member.linkname = _moved(member.linkname, old, new)
            if not owner:
                member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
        # No member leaves the place, whatever the container has made of its name or of a link.
        tar.extractall(Path(to).parent, members=members, numeric_owner=True, filter="tar")


def _moved(name: str, old: str, new: str) -> str:
    return new + name[len(old) :] if name == old or name.startswith(f"{old}/") else name


def is_directory_here(path: str) -> bool | None:
    """Of a path of ours."""
    return os.path.isdir(path) if os.path.exists(path) else None
