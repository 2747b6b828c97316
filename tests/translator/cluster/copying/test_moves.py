"""The lists and scripts that move a copy into place; `test_transfer.py` runs them."""

from stackferry.translator.cluster.copying.difference import Changes
from stackferry.translator.cluster.copying.entries import FILE, FOLDER, Entry
from stackferry.translator.cluster.copying.moves import applying, sums, verifying


def test_names_that_a_list_cannot_have_are_looked_at_one_by_one() -> None:
    files = [Entry(name, FILE, 0o644, 1, "ab" * 32) for name in ("plain", "two\nlines", "back\\slash", " lead")]

    assert sums(files) == f"{'ab' * 32}  ./plain\n{'ab' * 32}  ./ lead\n".encode()
    assert verifying(files, "c" * 64).count(b"\nsame ") == 2


def file(path: str) -> Entry:
    return Entry(path, FILE, 0o644)


def test_paths_go_together_and_what_is_above_comes_first() -> None:
    put = (file("a b"), Entry("d", FOLDER, 0o750), file("d/x"), file("d/y'z"), file("e"))
    gone = (file("g/1"), file("g/2"), Entry("g", FOLDER, 0o755))

    script = applying(Changes(put, gone), "c" * 64, "1000:50", in_place=False).decode()

    first = script.splitlines()[0]
    assert first == "data=data new=.stackferry/copy/new-cccccccccccccccc owner=1000:50"
    operations = [line for line in script.splitlines() if line.startswith(("gone ", "folder ", "put "))]
    assert operations == [
        "gone g/1 g/2",
        "gone g",
        "folder 750 d",
        "put . 'a b'",
        """put d d/x 'd/y'"'"'z'""",
        "put . e",
    ]


def test_no_program_gets_too_many_paths() -> None:
    script = applying(Changes(tuple(file(f"f{number}") for number in range(250))), "c" * 64, "", in_place=False)

    assert [line.count(b" f") for line in script.splitlines() if line.startswith(b"put ")] == [100, 100, 50]
