"""Which copies are due, by the checksum on a claim."""

from pathlib import Path

import pytest

from stackferry.translator.cluster.copying.due import ANNOTATION, IN_USE, amount, due, size
from stackferry.translator.cluster.copying.entries import FILE, Entry, listing
from stackferry.translator.cluster.copying.host_folder import read
from stackferry.translator.cluster.held import Held
from stackferry.translator.volumes.filling.copies import Copy, Rule
from tests.translator.cluster.copying.claims import copy_of


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "f").write_text("content")
    return tmp_path / "x"


def marked(value: str | None) -> Held:
    annotations = {} if value is None else {"annotations": {ANNOTATION: value}}
    return Held({"PersistentVolumeClaim/host-x": {"kind": "PersistentVolumeClaim", "metadata": annotations}})


@pytest.mark.parametrize("rule", Rule)
def test_a_new_claim_and_one_without_a_mark_are_filled(here: Path, rule: Rule) -> None:
    for there in (Held(), marked(None)):
        (due_copy,) = due([copy_of(here, rule=rule)], there, read)
        assert due_copy.is_first
        assert str(due_copy) == "copy into PersistentVolumeClaim/host-x\n  ./x: 1 file, 7 B"


def test_what_has_changed_is_due_and_what_has_not_is_not(here: Path) -> None:
    copy = copy_of(here)
    there = marked(read(copy).listing.checksum())

    assert list(due([copy], there, read)) == []
    (here / "f").write_text("another")
    (due_copy,) = due([copy], there, read)
    assert not due_copy.is_first
    assert str(due_copy).startswith("copy what has changed into ")


@pytest.mark.parametrize(("value", "rule"), [(IN_USE, Rule.MERGE), (IN_USE, Rule.ONCE), ("0" * 64, Rule.ONCE)])
def test_what_is_never_touched_again_is_not_even_read(here: Path, value: str, rule: Rule) -> None:
    def nobody_reads(_: Copy) -> None:
        raise AssertionError("a database's files may be unreadable")

    assert list(due([copy_of(here, rule=rule)], marked(value), nobody_reads)) == []  # type: ignore[arg-type]


def test_sizes_are_said_as_people_say_them() -> None:
    assert [size(one) for one in (0, 999, 1000, 150_000_000, 2.5e12, 1e16)] == [
        *("0 B", "999 B", "1.0 kB", "150.0 MB", "2.5 TB", "10000.0 TB")
    ]
    assert amount(listing(Entry(name, FILE, 0o644, 600) for name in "ab")) == "2 files, 1.2 kB"
