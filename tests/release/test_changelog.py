"""The changelog as `make release` would now write it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from stackferry import __version__

ROOT = Path(__file__).parents[2]
FRAGMENTS = sorted((ROOT / "changelog.d").glob("*.*.md"))
SENTENCE_ENDS = (".", "`.", ").")


@pytest.fixture(scope="module")
def section() -> str:
    words = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", __version__]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_every_line_of_a_fragment_is_an_entry(section: str) -> None:
    entries = [line[2:] for line in section.splitlines() if line.startswith("- ")]

    assert sorted(entries) == sorted(line for path in FRAGMENTS for line in path.read_text().splitlines())


def test_nothing_else_is_in_it_than_headings_and_entries(section: str) -> None:
    lines = section.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("## "))
    rest = [line for line in lines[first:] if line and not line.startswith("- ")]
    order = ["### Summary", "### Added", "### Changed", "### Fixed", "### Removed"]

    assert re.fullmatch(rf"## {re.escape(__version__)} \(\d{{4}}-\d\d-\d\d\)", rest[0])
    assert rest[1:] == [heading for heading in order if heading in rest]
    assert "\n\n\n" not in "\n".join(lines[first:]).rstrip("\n")


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.name)
def test_a_fragment_has_whole_sentences_in_a_line(path: Path) -> None:
    """No sentence is broken over lines, for each is an entry; nor is an issue named, which the file's name does."""
    lines = path.read_text(encoding="utf-8").splitlines()

    assert lines
    assert [line for line in lines if not line.endswith(SENTENCE_ENDS) or re.search(r"\(#\d+\)", line)] == []


def test_links_lead_to_pages_that_are_there(section: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", section)

    assert links or not FRAGMENTS  # right after a release there are none
    assert [link for link in links if not (ROOT / link).exists()] == []
