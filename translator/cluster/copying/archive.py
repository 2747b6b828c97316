"""Makes a tar while it is sent: nothing is written to disk here, and its length is known in advance.

Pure except for the source of the contents. GNU's format, which every tar reads: names of any length and any bytes.
"""

import tarfile
from collections.abc import Callable, Iterator, Sequence

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.copying.entries import FOLDER, LINK, Entry

_BLOCK = tarfile.BLOCKSIZE
_END = bytes(2 * _BLOCK)


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its name in the archive, its type, and for a file the content, read when it is sent.

    `owner` and `time` are read at that time, too.
    """

    name: str
    entry: Entry
    content: Callable[[], Iterator[bytes]] = lambda: iter(())
    owner: Callable[[], tuple[int, int]] = lambda: (0, 0)
    time: Callable[[], int] = lambda: 0


def text(name: str, content: bytes) -> Member:
    """A member for a file that we make ourselves."""
    return Member(name, Entry(name, "file", 0o644, len(content)), lambda: iter((content,)))


def length(members: Sequence[Member]) -> int:
    """The length of `archive` in bytes; it does not depend on the numbers in the headers."""
    return sum(len(_header(one, (0, 0), 0)) + _padded(one.entry.size) for one in members) + len(_END)


def archive(members: Sequence[Member]) -> Iterator[bytes]:
    """The archive, in pieces. Raises ValueError if a content is not as long as its entry says."""
    for member in members:
        yield _header(member, member.owner(), member.time())
        sent = 0
        for piece in member.content():
            sent += len(piece)
            yield piece
        if sent != member.entry.size:
            raise ValueError(f"{member.name}: {sent} bytes instead of {member.entry.size}")
        yield bytes(_padded(sent) - sent)
    yield _END


def _header(member: Member, owner: tuple[int, int], time: int) -> bytes:
    info = tarfile.TarInfo(member.name)
    info.mode, info.size, info.mtime = member.entry.mode, member.entry.size, time
    info.uid, info.gid = owner
    if member.entry.kind == FOLDER:
        info.type = tarfile.DIRTYPE
    elif member.entry.kind == LINK:
        info.type, info.linkname = tarfile.SYMTYPE, member.entry.target
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK
