"""Every entry of the table beside the real peers: its example shows a difference that it explains, or it has to go."""

import pytest

from tests.buildkit.oracle import Oracle
from tests.conformance.lint import ours
from tests.conformance.lint.dockerfile import File
from tests.conformance.lint.known import BUILDKIT, HADOLINT, KNOWN, Known
from tests.conformance.lint.report import differences_of
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


@pytest.mark.parametrize("entry", KNOWN, ids=lambda entry: f"{entry.peer}-{entry.rules}-{entry.side}")
def test_an_entry_explains_its_example(entry: Known, buildkit: Oracle) -> None:
    assert entry.peer in (HADOLINT, BUILDKIT)

    differences = differences_of(survey([file_of(entry)], buildkit, ours.lint))

    assert entry in [one.known for one in differences], [str(one) for one in differences]
