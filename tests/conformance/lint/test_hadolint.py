"""The real hadolint: answers by file, files that it refuses, and its cache."""

from pathlib import Path

import pytest

from tests.conformance.lint import hadolint
from tests.conformance.lint.found import Found

pytestmark = pytest.mark.real

PLAIN = b"FROM alpine\nRUN cd /x && ls\n"
HEREDOC = b"FROM alpine:3.20\nRUN <<EOF\nx\nEOF\nRUN y\n"
CLEAN = b"FROM alpine:3.20\n"


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_each_file_has_its_own_answer_in_order() -> None:
    plain, refused, clean, again = hadolint.check([PLAIN, HEREDOC, CLEAN, PLAIN])

    assert [(found.rule, found.line, found.severity) for found in plain.findings] == [
        ("DL3006", 1, "warning"),
        ("DL3003", 2, "warning"),
    ]
    assert "unexpected 'R'" in refused.refused
    assert (refused.line, refused.findings) == (5, ())
    assert clean.findings == ()
    assert again == plain


def test_the_configuration_counts() -> None:
    (verdict,) = hadolint.check([PLAIN], "ignored: [DL3006]\noverride:\n  error: [DL3003]\n")

    assert [(found.rule, found.severity) for found in verdict.findings] == [("DL3003", "error")]


def test_what_is_known_is_not_asked_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = hadolint.check([PLAIN])
    monkeypatch.setattr(hadolint, "program", lambda: str(tmp_path / "nothing"))

    assert hadolint.check([PLAIN]) == first
    with pytest.raises(FileNotFoundError):
        hadolint.check([PLAIN + b"\n"])


def test_any_bytes_are_answered() -> None:
    verdicts = hadolint.check([b"", b"\0", b"FROM \xff\xfe\n", "FROM a\nRUN é\u2028\n".encode()])

    assert all(type(found) is Found for verdict in verdicts for found in verdict.findings)


def test_a_file_on_which_it_breaks_is_refused_and_no_other() -> None:
    broken, plain = hadolint.check([b"FROM alpine:3.20\nWORKDIR a\n", PLAIN])

    assert broken.refused.startswith("crashed: hadolint: ")
    assert [found.rule for found in plain.findings] == ["DL3006", "DL3003"]
