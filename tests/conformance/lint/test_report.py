"""The report with fake linters: its text for one that agrees, and for one that does not."""

import pytest

from tests.buildkit.oracle import Oracle
from tests.conformance.lint.dockerfile import File
from tests.conformance.lint.found import Found, Verdict
from tests.conformance.lint.known import ONLY_THEY, ONLY_WE, VERDICT
from tests.conformance.lint.report import report
from tests.conformance.lint.survey import itself, survey

pytestmark = pytest.mark.real

FILES = (
    File("one", b"FROM alpine:3.20\nRUN echo a; \\\n    cd /x && ls\nCOPY a.txt .\n", {".dockerignore": "*.txt\n"}),
    File("two", b"FROM alpine\nRUN <<EOF\nx\nEOF\nWORKDIR a\n", {}),
    File("broken", b"FROM alpine:3.20 AS\nRUN cd /x && ls\n", {}),
)


def made_up(file: File, chosen: str) -> Verdict:
    """A linter that refuses what it should take, takes what it should refuse, and knows three rules."""
    if file.name == "two":
        return Verdict("no heredocs, please", 2, ())
    if chosen == "recommended":
        return Verdict("", 0, ())
    return Verdict("", 0, (Found("DL3003", 3, "warning", "a"), Found("DL3000", 2, "error", "b")))


def test_the_peers_agree_with_themselves(buildkit: Oracle) -> None:
    text, differences = report(survey(FILES, buildkit, itself(buildkit)))

    assert differences == []
    assert "3 Dockerfiles; hadolint 2.15.1 refuses 2, BuildKit 1" in text
    assert "DL rules, in the same instruction: 100.0% the same" in text
    assert "valid or not, as BuildKit says: 3 of 3" in text


def test_every_kind_of_difference_is_told(buildkit: Oracle) -> None:
    text, differences = report(survey(FILES, buildkit, made_up))

    assert [(one.file, one.found.line, one.side, one.found.rule) for one in differences] == [
        ("one", 4, ONLY_THEY, "DL3045"),
        ("one", 2, ONLY_WE, "DL3000"),
        ("one", 4, ONLY_THEY, "CopyIgnoredFile"),
        ("one", 2, ONLY_WE, "WorkdirRelativePath"),
        ("two", 5, ONLY_THEY, "WorkdirRelativePath"),
        ("two", 2, ONLY_WE, VERDICT),
        ("broken", 1, ONLY_THEY, VERDICT),
    ]
    assert "DL rules, in the same instruction: 33.3% the same" in text
    assert "  DL3003                                1                0      0        0      0" in text
    assert "valid or not, as BuildKit says: 1 of 3" in text
    assert "  two:2 only we refuse it: no heredocs, please" in text
    assert "recommended rules: 0 findings in 3 real files, 0.0 a file, 3 files are clean" in text


def test_a_line_belongs_to_its_instruction(buildkit: Oracle) -> None:
    (outcome, *_) = survey(FILES[:1], buildkit, made_up)

    assert outcome.place(3).line == 2
    assert outcome.place(9) == (9, "")
