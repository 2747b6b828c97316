"""Every entry of the table against the real peers: its example shows the difference, or the entry is stale."""

import pytest

from tests.buildkit.oracle import Oracle
from tests.conformance.lint import ours
from tests.conformance.lint.checkov import UnavailableError
from tests.conformance.lint.dockerfile import File
from tests.conformance.lint.known import BUILDKIT, CHECKOV, HADOLINT, KNOWN, Known
from tests.conformance.lint.report import differences_of
from tests.conformance.lint.security import against_checkov
from tests.conformance.lint.survey import survey

pytestmark = pytest.mark.real

IGNORED = "  # .dockerignore: "


def file_of(entry: Known) -> File:
    """The example as a whole file; a `.dockerignore` is written behind it."""
    text, _, ignored = entry.example.partition(IGNORED)
    begin = "" if "FROM " in text else "FROM debian:12\n"
    context = {".dockerignore": "".join(f"{line}\n" for line in ignored.split(", "))} if ignored else {}
    end = "" if text.endswith("\\") else "\n"
    return File("example", f"{begin}{text}{end}".encode(), context)


@pytest.mark.parametrize(
    "entry", [one for one in KNOWN if one.peer != CHECKOV], ids=lambda entry: f"{entry.peer}-{entry.rules}-{entry.side}"
)
def test_an_entry_explains_its_example(entry: Known, buildkit: Oracle) -> None:
    assert entry.peer in (HADOLINT, BUILDKIT)

    differences = differences_of(survey([file_of(entry)], buildkit, ours.lint))

    assert entry in [one.known for one in differences], [str(one) for one in differences]


@pytest.mark.slow
def test_those_about_checkov_explain_theirs_too() -> None:
    entries = [one for one in KNOWN if one.peer == CHECKOV]
    try:
        explained = [
            {one.known for one in against_checkov([file_of(entry)]).differences if one.known is not None}
            for entry in entries
        ]
    except UnavailableError as reason:
        pytest.skip(str(reason))

    assert [str(entry.example) for entry, found in zip(entries, explained, strict=True) if entry not in found] == []
