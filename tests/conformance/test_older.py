"""Each difference of docker compose 2.40.3 from what we equal is one, and is in the page."""

from pathlib import Path

import pytest

from tests.conformance import ours, peer
from tests.conformance.case import ROOT, Case
from tests.conformance.compare import compare
from tests.conformance.older import OLDER, Older


def case(one: Older, folder: Path) -> Case:
    (folder / "compose.yaml").write_text(one.text)
    for name, text in one.files.items():
        (folder / name).write_text(text)
    return Case("older", "older", str(folder), str(folder), files=("compose.yaml",))


@pytest.mark.real
@pytest.mark.parametrize("one", OLDER, ids=lambda one: one.text[:60])
def test_the_older_one_differs_and_the_newer_one_does_not(one: Older, tmp_path: Path) -> None:
    asked = case(one, tmp_path)
    mine = ours.run(asked)
    found = compare(peer.answer([peer.packaged().path, *asked.command], asked), mine)

    assert found
    assert [difference for difference in found if not one.applies(difference)] == []
    assert peer.loader().old or compare(peer.run(asked), mine) == []


def test_the_page_has_each_of_them() -> None:
    page = (ROOT / "docs" / "config-differences.md").read_text()
    section = page.partition("## From docker compose 2.40.3\n")[2]

    assert [one for one in OLDER if row(one) not in section] == []
    assert section.count("\n| `") == len(OLDER)


def row(one: Older) -> str:
    """The line of the page."""
    said = " under ".join(f"`{text}`" for text in one.text.split("\n---\n"))
    beside = "".join(f"; `{name}`: `{text}`" for name, text in one.files.items())
    return f"| {said}{beside} | {one.says} |"
