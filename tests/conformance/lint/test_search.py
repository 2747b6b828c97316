"""The search, with fake linters as peers."""

import pytest

from tests.buildkit.oracle import Oracle
from tests.conformance.dockerfile.search import search
from tests.conformance.lint.dockerfile import File
from tests.conformance.lint.found import Found, Verdict
from tests.conformance.lint.search import buildkit_against, hadolint_against
from tests.conformance.lint.survey import itself

pytestmark = pytest.mark.real

CONTENTS = (b"FROM alpine:3.20\nCOPY a.txt /\nWORKDIR app\n", b"FROM alpine\nRUN cd /x && ls\n", b"FROM a b\n")


def silent(file: File, chosen: str) -> Verdict:
    return Verdict("", 0, ())


def test_what_only_buildkit_says(buildkit: Oracle) -> None:
    finds = search(CONTENTS, buildkit_against(buildkit, "*.txt\n", silent))

    assert {find.kind for find in finds} == {
        "only they (verdict): _: FROM requires either one or three arguments",
        "only they CopyIgnoredFile",
        "only they WorkdirRelativePath",
    }
    assert all(len(find.content) < 20 for find in finds)


def test_what_only_hadolint_says(buildkit: Oracle) -> None:
    finds = search(CONTENTS, hadolint_against(buildkit, CONTENTS, "DL", silent), smallest=False)

    assert {find.kind for find in finds} == {"only they DL3000", "only they DL3003", "only they DL3006"}


def test_what_only_we_say(buildkit: Oracle) -> None:
    def loud(file: File, chosen: str) -> Verdict:
        return Verdict("", 0, (Found("DL3003", 1, "warning", "a"), Found("FromAsCasing", 1, "style", "b")))

    by_buildkit = search(CONTENTS[1:2], buildkit_against(buildkit, "", loud))
    by_hadolint = search(CONTENTS[1:2], hadolint_against(buildkit, CONTENTS, "DL3003", loud), smallest=False)

    assert [find.kind for find in by_buildkit] == ["only we FromAsCasing"]
    assert {find.kind for find in by_hadolint} == {"only we DL3003", "only they DL3003"}


def test_peers_agree_with_themselves(buildkit: Oracle) -> None:
    assert search(CONTENTS, buildkit_against(buildkit, "", itself(buildkit))) == []
    assert search(CONTENTS, hadolint_against(buildkit, CONTENTS, "", itself(buildkit))) == []
