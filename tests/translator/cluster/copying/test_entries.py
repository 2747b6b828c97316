"""Listings: their order, their text, and the checksum of all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.cluster.copying.entries import FILE, FOLDER, NONE, Entry, link, listing, parsed

NAMES = st.text(st.characters(exclude_characters="/\0."), min_size=1, max_size=5)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
ENTRIES = st.builds(
    Entry,
    PATHS,
    st.sampled_from([FILE, FOLDER]),
    st.integers(0, 0o7777),
    st.integers(0, 1 << 40),
    st.sampled_from(["", "ab" * 32]),
)


@given(st.lists(ENTRIES, unique_by=lambda one: one.path))
def test_a_listing_is_read_as_it_was_written(entries: list[Entry]) -> None:
    found = listing(entries)

    assert parsed(found.text()) == found
    assert listing(reversed(entries)).text() == found.text()


def test_bytes_that_are_no_text_stay_what_they_are() -> None:
    path = b"bad\xff\n".decode("utf-8", "surrogateescape")
    found = listing([Entry(path, FILE, 0o644), link("l", b"\xfe".decode("utf-8", "surrogateescape"))])

    assert parsed(found.text()) == found
    assert found.text().isascii()


def test_what_is_above_comes_first() -> None:
    found = listing(Entry(path, FOLDER, 0o755) for path in ("a/b", "a-b", "a", "a/b/c", "a-b/c"))

    assert list(found.entries) == ["a", "a/b", "a/b/c", "a-b", "a-b/c"]


def test_anything_that_differs_gives_another_checksum() -> None:
    entry = Entry("a", FILE, 0o644, 1, "00")
    others = [
        Entry("b", FILE, 0o644, 1, "00"),
        Entry("a", FOLDER, 0o644, 1, "00"),
        Entry("a", FILE, 0o600, 1, "00"),
        Entry("a", FILE, 0o644, 1, "01"),
        link("a", "b"),
        link("a", "c"),
    ]

    assert len({listing([each]).checksum() for each in (entry, *others)} | {NONE.checksum()}) == 8


def test_sizes_and_numbers_are_of_files() -> None:
    found = listing([Entry("a", FOLDER, 0o755), Entry("a/b", FILE, 0o644, 5), link("c", "a")])

    assert (found.files, found.size) == (2, 5)


@pytest.mark.parametrize("text", [b"no json", b"[1]\n", b"{}\n"])
def test_what_is_no_listing_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of them
        parsed(text)
