"""Cases: what a fixture folder defines, what a corpus gives, and when a cached answer is stale."""

from pathlib import Path

import pytest

from tests.conformance.case import FIXTURES, corpus, fixture, fixtures


def test_a_note_beside_the_files_is_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "case.txt").write_text(
        "# why\nfiles: a.yaml b.yaml\nprofiles: *\nproject_name: p\nservices: s\nX1=a=b\n"
    )

    case = fixture(tmp_path)

    assert case.command == (
        *("--file", "a.yaml", "--file", "b.yaml", "--profile", "*", "--project-name", "p"),
        *("config", "--format", "json", "s"),
    )
    assert case.environment["X1"] == "a=b"


def test_a_misspelt_note_is_refused(tmp_path: Path) -> None:
    (tmp_path / "case.txt").write_text("file: a.yaml\n")

    with pytest.raises(ValueError, match="unknown key 'file'"):
        fixture(tmp_path)


def test_every_fixture_says_in_its_name_what_must_happen() -> None:
    names = [case.name for case in fixtures(FIXTURES)]

    assert len(names) > 250
    assert all(name.startswith(("ok-", "bad-")) for name in names)


def test_a_corpus_gives_every_kind_of_case(tmp_path: Path) -> None:
    folder = tmp_path / "project" / "app"
    folder.mkdir(parents=True)
    (folder / "compose.yaml").write_text("services: {a: {image: $TAG}}\n")
    (folder / "prod.yml").write_text("services:\n  a:\n    profiles: [x]\n")

    cases = list(corpus(tmp_path))

    assert [(case.kind, case.files) for case in cases] == [
        ("file", ("compose.yaml",)),
        ("variables", ("compose.yaml",)),
        ("folder", ()),
        ("file", ("prod.yml",)),
        ("profiles", ("prod.yml",)),
        ("merged", ("compose.yaml", "prod.yml")),
    ]
    assert cases[1].variables == {"TAG": "8080"}


def test_the_fingerprint_covers_the_files_and_the_question(tmp_path: Path) -> None:
    first, other, same = tmp_path / "one", tmp_path / "other", tmp_path / "one"
    for folder in (first, other):
        folder.mkdir()
        (folder / "compose.yaml").write_text("services: {}\n")
    (other / ".env").write_text("A=1\n")

    assert fixture(first).fingerprint() == fixture(same).fingerprint()
    assert fixture(first).fingerprint() != fixture(other).fingerprint()
