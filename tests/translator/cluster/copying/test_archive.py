"""The tar made while it is sent: Python's reader accepts it, and its announced length is right."""

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.cluster.copying.archive import Member, archive, length, text
from stackferry.translator.cluster.copying.entries import FILE, FOLDER, Entry, link

NAMES = ["a", "a b", "-x", "new\nline", "x" * 300, "deep/" * 60 + "y", b"\xff".decode("utf-8", "surrogateescape")]


def packed(*members: Member) -> tarfile.TarFile:
    data = b"".join(archive(members))
    assert len(data) == length(members)
    return tarfile.open(fileobj=io.BytesIO(data), errors="surrogateescape")


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=2000)), unique_by=lambda one: one[0]))
def test_every_name_and_every_length(files: list[tuple[str, bytes]]) -> None:
    members = [
        Member(name, Entry(name, FILE, 0o640, len(content)), lambda content=content: iter((content[:3], content[3:])))
        for name, content in files
    ]

    found = packed(*members)

    assert [(one.name, one.mode, found.extractfile(one).read()) for one in found] == [  # type: ignore[union-attr]
        (name, 0o640, content) for name, content in files
    ]


def test_owners_times_folders_and_links() -> None:
    folder = Member("f", Entry("f", FOLDER, 0o2755), owner=lambda: (3_000_000, 50), time=lambda: 1_700_000_000)
    found = packed(folder, Member("l", link("l", "t" * 200)), text("note", b"hello"))

    first, second, third = found
    assert (first.isdir(), first.mode, first.uid, first.gid, first.mtime) == (
        True,
        0o2755,
        3_000_000,
        50,
        1_700_000_000,
    )
    assert (second.issym(), second.linkname) == (True, "t" * 200)
    assert (third.isreg(), third.mode, third.size) == (True, 0o644, 5)


def test_nothing_is_read_before_it_is_sent() -> None:
    asked = []

    def content() -> object:
        asked.append(1)
        yield b"x"

    stream = archive([text("first", b"1"), Member("a", Entry("a", FILE, 0o644, 1), content)])  # type: ignore[arg-type]
    next(stream)
    assert asked == []
    list(stream)
    assert asked == [1]


def test_a_content_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="a: 1 bytes instead of 2"):
        list(archive([Member("a", Entry("a", FILE, 0o644, 2), lambda: iter((b"x",)))]))
