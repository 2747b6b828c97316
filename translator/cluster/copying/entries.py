"""What a folder of this machine holds, without the contents: what is compared, and kept in the claim beside the copy.

Pure. The checksum of it all says whether anything has changed since.
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

    `digest` is the SHA-256 of a file's content or a link's target. Bytes of a path that are no UTF-8 are surrogates, as
    Python has them.
    """

    path: str
    kind: str
    mode: int
    size: int = 0
    digest: str = ""
    target: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.kind == FOLDER

    def holds_the_same(self, other: "Entry | None") -> bool:
        """Whether both are of one kind and have the same content, whatever their modes."""
        return other is not None and (self.kind, self.digest) == (other.kind, other.digest)


def link(path: str, target: str) -> Entry:
    """A symbolic link; nobody looks at its mode."""
    raw = target.encode("utf-8", "surrogateescape")
    return Entry(path, LINK, _LINK_MODE, 0, hashlib.sha256(raw).hexdigest(), target)


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries by their paths, what is above before what is below it."""

    entries: Mapping[str, Entry]

    @property
    def files(self) -> int:
        """How many are no folders."""
        return sum(not one.is_folder for one in self.entries.values())

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(one.size for one in self.entries.values())

    def text(self) -> bytes:
        """A line for each entry, always the same for the same; `parsed` reads it."""
        lines = (
            json.dumps([one.path, one.kind, one.mode, one.size, one.digest, one.target], separators=(",", ":"))
            for one in self.entries.values()
        )
        return "".join(f"{line}\n" for line in lines).encode("ascii")

    def checksum(self) -> str:
        """The SHA-256 of names, kinds, modes, contents and targets."""
        return hashlib.sha256(self.text()).hexdigest()


def listing(entries: Iterable[Entry]) -> Listing:
    """The listing of entries that come in any order."""
    return Listing({one.path: one for one in sorted(entries, key=lambda one: one.path.split("/"))})


NONE = Listing({})


def parsed(text: bytes) -> Listing:
    """The listing that was written down. Raises ValueError where it is none."""
    try:
        return listing(Entry(*json.loads(line)) for line in text.splitlines())
    except TypeError as error:
        raise ValueError(str(error)) from error
