"""The changes to a copy, from three states: what was copied, the local files, the service's files."""

from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.cluster.copying.difference import Changes, asked_about, changes, merged
from stackferry.translator.cluster.copying.entries import FILE, FOLDER, Entry, Listing, link, listing


def file(path: str, digest: str = "0", mode: int = 0o644) -> Entry:
    return Entry(path, FILE, mode, 1, digest)


def folder(path: str, mode: int = 0o755) -> Entry:
    return Entry(path, FOLDER, mode)


def paths(entries: tuple[Entry, ...]) -> list[str]:
    return [one.path for one in entries]


def test_only_what_differs() -> None:
    same = [folder("a"), file("a/same")]
    base = listing([*same, file("a/old"), file("mode"), file("gone"), folder("dir"), link("l", "x")])
    here = listing([*same, file("a/old", "1"), file("mode", mode=0o600), file("new"), link("l", "y")])

    found = changes(base, here)

    assert paths(found.put) == ["a/old", "l", "mode", "new"]
    assert paths(found.gone) == ["gone", "dir"]
    assert changes(here, here).is_empty


def test_a_file_and_a_folder_make_room_for_each_other() -> None:
    found = changes(listing([folder("a"), file("a/b"), file("c")]), listing([file("a"), folder("c"), file("c/d")]))

    assert paths(found.gone) == ["c", "a/b", "a"]
    assert paths(found.put) == ["a", "c", "c/d"]


def test_what_the_service_changed_stays() -> None:
    base = listing([file("both"), file("mine"), file("removed"), file("theirs gone"), file("gone")])
    here = listing([file("both", "1"), file("mine", "1"), file("removed", "1"), file("new", "1"), file("same", "1")])
    found = changes(base, here)
    there = {
        "both": ("file", "2"),
        "mine": ("file", "0"),
        "removed": None,
        "new": ("file", "7"),
        "same": ("file", "1"),
        "theirs gone": ("file", "9"),
        "gone": ("file", "0"),
    }

    kept = merged(found, base, there)

    assert sorted(asked_about(found)) == sorted(there)
    assert paths(kept.put) == ["mine", "same"]
    assert paths(kept.gone) == ["gone"]
    assert sorted(kept.kept) == ["both", "new", "removed", "theirs gone"]


def test_what_was_seen_through_a_link_that_goes_is_not_the_services() -> None:
    base, here = listing([link("a", "b")]), listing([folder("a"), file("a/x")])
    found = changes(base, here)

    assert merged(found, base, {"a": ("link", base.entries["a"].digest), "a/x": ("folder", "")}).kept == ()


_FILES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("012"))


def _listing(files: dict[str, str]) -> Listing:
    return listing(file(path, digest) for path, digest in files.items())


@given(_FILES, _FILES, _FILES)
def test_nothing_of_the_services_is_lost_and_nothing_else_is_left(
    base: dict[str, str], here: dict[str, str], there: dict[str, str]
) -> None:
    found = changes(_listing(base), _listing(here))
    states = {path: ("file", there[path]) if path in there else None for path in asked_about(found)}
    done = merged(found, _listing(base), states)
    after = {path: what for path, what in there.items() if path not in paths(done.gone)}
    after.update({one.path: one.digest for one in done.put})

    for path in {*base, *here, *there}:
        if there.get(path) == base.get(path):
            assert after.get(path) == here.get(path), "what the service left alone is as it is here"
        else:
            assert after.get(path) == there.get(path), "what it changed stays"


def test_nothing_to_do() -> None:
    assert Changes().is_empty
    assert not Changes(put=(file("a"),)).is_empty
