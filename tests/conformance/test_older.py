"""Each recorded difference of docker compose 2.40.3 from our reference exists, and is on the page."""

from pathlib import Path

import pytest

from tests.conformance import ours, peer
from tests.conformance.case import ROOT, Case
from tests.conformance.compare import compare
from tests.conformance.older import OLDER, Older


def case(older: Older, folder: Path) -> Case:
    (folder / "compose.yaml").write_text(older.text)
    for name, text in older.files.items():
        (folder / name).write_text(text)
    return Case("older", "older", str(folder), str(folder), files=("compose.yaml",))


@pytest.mark.real
@pytest.mark.parametrize("older", OLDER, ids=lambda older: older.text[:60])
def test_the_older_one_differs_and_the_newer_one_does_not(older: Older, tmp_path: Path) -> None:
    asked = case(older, tmp_path)
    mine = ours.run(asked)
    found = compare(peer.answer([peer.packaged().path, *asked.command], asked), mine)

    assert found
    assert [difference for difference in found if not older.applies(difference)] == []
    assert peer.loader().old or compare(peer.run(asked), mine) == []


def test_the_page_has_each_of_them() -> None:
    page = (ROOT / "docs" / "config-differences.md").read_text()
    section = page.partition("## From docker compose 2.40.3\n")[2]

    assert [older for older in OLDER if row(older) not in section] == []
    assert section.count("\n| `") == len(OLDER)


def row(older: Older) -> str:
    """The line of the page."""
    said = " under ".join(f"`{text}`" for text in older.text.split("\n---\n"))
    beside = "".join(f"; `{name}`: `{text}`" for name, text in older.files.items())
    return f"| {said}{beside} | {older.says} |"
