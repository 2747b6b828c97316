"""What a folder of this machine holds, without the contents: compared, and stored in the claim beside the copy.

Pure. The checksum of the whole listing says whether anything has changed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

from stackferry.grammar.lazy_dataclass import dataclass

FILE, FOLDER, LINK = "file", "folder", "link"
_LINK_MODE = 0o777


@dataclass(frozen=True, slots=True)
class Entry:
    """One file, folder or link: its path below the folder, and its permission bits.

    `digest` is the SHA-256 of a file's content or a link's target. Bytes of a path that are not UTF-8 are surrogates,
    as in Python.
    """

    path: str
    kind: str
    mode: int
    size: int = 0
    digest: str = ""
    target: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether the entry is a folder."""
        return self.kind == FOLDER

    def holds_the_same(self, other: "Entry | None") -> bool:
        """Whether both have the same kind and content; modes do not count."""
        return other is not None and (self.kind, self.digest) == (other.kind, other.digest)


def link(path: str, target: str) -> Entry:
    """A symbolic link; its mode does not matter."""
    raw = target.encode("utf-8", "surrogateescape")
    return Entry(path, LINK, _LINK_MODE, 0, hashlib.sha256(raw).hexdigest(), target)


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries by path, parents before children."""

    entries: Mapping[str, Entry]

    @property
    def files(self) -> int:
        """The number of entries that are not folders."""
        return sum(not one.is_folder for one in self.entries.values())

    @property
    def size(self) -> int:
        """The size of all files in bytes."""
        return sum(one.size for one in self.entries.values())

    def text(self) -> bytes:
        """A line for each entry; equal listings give equal bytes. `parsed` reads it."""
        lines = (
            json.dumps([one.path, one.kind, one.mode, one.size, one.digest, one.target], separators=(",", ":"))
            for one in self.entries.values()
        )
        return "".join(f"{line}\n" for line in lines).encode("ascii")

    def checksum(self) -> str:
        """The SHA-256 of names, kinds, modes, contents and targets."""
        return hashlib.sha256(self.text()).hexdigest()


def listing(entries: Iterable[Entry]) -> Listing:
    """The listing of entries given in any order."""
    return Listing({one.path: one for one in sorted(entries, key=lambda one: one.path.split("/"))})


NONE = Listing({})


def parsed(text: bytes) -> Listing:
    """The listing read from `text`. Raises ValueError if it is malformed."""
    try:
        return listing(Entry(*json.loads(line)) for line in text.splitlines())
    except TypeError as error:
        raise ValueError(str(error)) from error
