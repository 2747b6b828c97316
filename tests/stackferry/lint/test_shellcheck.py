"""The real ShellCheck on the corpus: exact places, and the same findings as hadolint's."""

import os
import re
from collections.abc import Iterator

import pytest

from stackferry.grammar.dockerfile.facts.build import Build, build
from stackferry.grammar.dockerfile.parse import parse
from stackferry.grammar.lint.shellcheck.manner import HADOLINT, OWN
from stackferry.grammar.lint.shellcheck.places import Places
from stackferry.grammar.lint.shellcheck.remark import Remark
from stackferry.grammar.lint.shellcheck.submission import Submission, submissions
from stackferry.lint.shellcheck.batches import run
from stackferry.lint.shellcheck.program import find
from tests.grammar.dockerfile.making import DOCKERFILES, read
from tests.stackferry.lint.shellcheck.agreement import agreement, hadolint
from tests.stackferry.lint.shellcheck.padded import padded

pytestmark = [pytest.mark.corpus, pytest.mark.slow]


@pytest.fixture(scope="module")
def builds() -> list[Build]:
    return [build(parse(read(path))) for path in DOCKERFILES]


@pytest.fixture(scope="module")
def remarked(builds) -> list[tuple[Submission, tuple[Remark, ...]]]:
    """Every submission of the corpus with the remarks on its text."""
    asked = [found for file in builds for found in submissions(file, OWN)]
    answers = ask(list(dict.fromkeys(found.text for found in asked)))
    return [(found, answers[found.text]) for found in asked]


def ask(texts: list[str]) -> dict[str, tuple[Remark, ...]]:
    found = run(find({}).path, texts, os.environ)
    assert found.reasons == ()
    return found.answers


MARKED = {
    # The text at a finding's place by its code, as its message means it.
    "SC1007": r" ",
    "SC2006": r"`.*`",
    "SC2012": r"ls .*",
    "SC2016": r"'[^']*'",
    "SC2021": r"'\[[^']*\]'",
    "SC2028": r"'[^']*\\[^']*'",
    "SC2035": r"\*",
    "SC2038": r"find .*",
    "SC2043": r"[\w-]+",
    "SC2046": r"\$\(.*\)|`.*`",
    "SC2086": r"\$(\w+|\{[^}]*\}|[@*#?$!-])",
    "SC2154": r"\$\w+",
    "SC2155": r"\w+",
    "SC2174": r"-m",
    "SC2185": r"find",
    "SC2196": r"egrep",
    "SC2251": r"!",
}


def test_a_finding_stands_where_shellcheck_means(remarked) -> None:
    codes: dict[str, int] = {}
    for submission, remarks in remarked:
        places, source = Places(submission), submission.script.step.stage.build.source
        for remark in remarks:
            place = places.in_script(remark)
            if place is None:
                continue
            start, end = places.in_source(*place)
            marked = source.text[start:end]
            assert re.fullmatch(MARKED[remark.code], marked, re.DOTALL), (source.path, source.position(start), remark)
            # Between the same ends, the script and the file have the same but for what the builder drops.
            assert kept(marked, submission) == submission.script.text[slice(*place)]
            codes[remark.code] = codes.get(remark.code, 0) + 1
    assert sum(codes.values()) > 600


def kept(text: str, submission: Submission) -> str:
    """A piece of source as the builder joins it."""
    if submission.script.kind == "heredoc":
        return text
    escape = re.escape(submission.script.step.stage.build.dockerfile.escape)
    return re.sub(rf"{escape}[ \t]*\r?\n(?:[ \t]*(?:#.*)?\r?\n)*", "", text)


def test_places_are_the_same_as_those_of_the_lines_themselves(remarked) -> None:
    """The joined text with its table against the lines as they stand, checked where they stand."""
    lines = {id(found): padded(found) for found, _ in remarked if is_line(found)}
    answers = ask(list(dict.fromkeys(text for text, _ in lines.values())))
    compared = 0
    for submission, remarks in remarked:
        if id(submission) in lines:
            text, shift = lines[id(submission)]
            stand = {(*place(remark, shift), remark.code) for remark in answers[text] if remark.line > submission.lines}
            assert set(shown(submission, remarks)) == stand, submission.script.step.stage.build.source.path
            compared += len(stand)
    assert compared > 500


def is_line(submission: Submission) -> bool:
    return submission.script.kind == "line" and not submission.script.step.instruction.heredocs


def place(remark: Remark, shift: int) -> tuple[int, int, int, int]:
    return remark.line + shift, remark.column, remark.end_line + shift, remark.end_column


def shown(submission: Submission, remarks: tuple[Remark, ...]) -> Iterator[tuple[int, int, int, int, str]]:
    """The places of remarks as a user sees them."""
    places, position = Places(submission), submission.script.step.stage.build.source.position
    for remark in remarks:
        found = places.in_script(remark)
        if found is not None:
            start, end = places.in_source(*found)
            yield (*position(start), *position(end), remark.code)


def test_the_same_findings_as_hadolint(builds) -> None:
    theirs, refused = hadolint(builds)
    found = agreement(builds, theirs, refused, HADOLINT)
    own = agreement(builds, theirs, refused, OWN)

    assert len(theirs) > 300
    assert found.share >= 0.97
    assert {reason for _, reason in found.reasons} <= {"it is for cmd or PowerShell"}
    # What hadolint finds and we do not has a reason each.
    assert own.theirs == found.theirs == []
    assert own.ours == []
