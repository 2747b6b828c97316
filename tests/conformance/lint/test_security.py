"""The security rules against Checkov: its answers, the comparison, and no unexplained difference."""

from pathlib import Path
from random import Random

import pytest

from tests.conformance.lint import checkov, security
from tests.conformance.lint.dockerfile import File, corpus, fixtures
from tests.conformance.lint.found import Found, Verdict
from tests.conformance.lint.known import ONLY_THEY, ONLY_WE
from tests.dockerfiles.insecure import insecure

HEREDOC = (
    b"FROM debian:12\nRUN <<EOF\nls\ncurl -k https://a.example.com\nEOF\nRUN passwd -d root\n"
    b"RUN wget --no-check-certificate x\n"
)


@pytest.fixture
def installed() -> None:
    try:
        checkov.program()
    except checkov.UnavailableError as reason:
        pytest.skip(str(reason))


def silent(file: File, chosen: str) -> Verdict:
    return Verdict("", 0, ())


def test_without_checkov_there_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    checkov.program.cache_clear()

    assert security.main(["--generated", "1"]) == 0
    assert capsys.readouterr().out == "no Checkov 3.3.30: run `make checkov` (tests/conformance/lint/checkov.py)\n"


def test_every_check_of_the_group_is_ours() -> None:
    assert {f"CKV2_DOCKER_{number}" for number in range(2, 18)} == checkov.ALIASES.keys()


def test_a_seed_makes_the_same_file() -> None:
    assert insecure(Random(7)) == insecure(Random(7)) != insecure(Random(8))


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.usefixtures("installed")
def test_its_findings_stand_in_the_lines_of_the_file() -> None:
    (found,) = checkov.check([HEREDOC])

    assert sorted((one.rule, one.line) for one in found) == [("curl-insecure", 2), ("wget-no-check-certificate", 7)]
    assert all(type(one) is Found for one in found)


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.usefixtures("installed")
def test_both_kinds_of_difference_are_told() -> None:
    file = File("a", HEREDOC, {})
    ours = security.against_checkov([file])
    nothing = security.against_checkov([file], silent)

    assert dict(ours.both) == {"curl-insecure": 1, "wget-no-check-certificate": 1}
    assert [(one.side, one.found.rule, one.known is not None) for one in ours.differences] == [
        (ONLY_WE, "password-in-image", True)
    ]
    assert [one.side for one in nothing.differences] == [ONLY_THEY, ONLY_THEY]
    assert "only they curl-insecure" in security.report(nothing)


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.usefixtures("installed")
def test_every_difference_is_meant() -> None:
    """Where there is a corpus, it is in it, too."""
    comparison = security.against_checkov([*corpus(), *fixtures(), *security.made_up(0, 100)])

    assert [str(one) for one in comparison.differences if one.known is None] == []
    assert comparison.both.keys() == security.RULES
