"""Reducing: the result is small, still shows the difference, and keeps the original YAML syntax."""

from pathlib import Path

import pytest

from tests.conformance.case import Case, fixture
from tests.conformance.reduce import reduce

COMPOSE = """\
x-common: &common
  user: root
  tty: true
services:
  web:
    <<: *common
    image: a
    ports: !reset
      - "80:80"
      - "81:81"
  db:
    image: b
"""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    folder = tmp_path / "stack"
    folder.mkdir()
    (folder / "compose.yaml").write_text(COMPOSE)
    (folder / "over.yaml").write_text("services: {}\n")
    (folder / ".env").write_text("A=1\nB=2\n")
    return Case("x", "file", str(folder), str(folder), files=("compose.yaml", "over.yaml"), variables={"V": "1"})


def text(case: Case) -> str:
    return "".join(path.read_text() for path in sorted(Path(case.directory).iterdir()))


def test_only_what_shows_the_difference_is_left(case: Case, tmp_path: Path) -> None:
    assert reduce(case, lambda one: "81:81" in text(one), tmp_path / "out")

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["case.txt", "compose.yaml"]
    assert (tmp_path / "out" / "compose.yaml").read_text() == 'services:\n  web:\n    ports: !reset\n    - "81:81"\n'


def test_merge_keys_and_lines_of_env_files_survive_when_needed(case: Case, tmp_path: Path) -> None:
    assert reduce(case, lambda one: "<<: *" in text(one) and "B=2" in text(one), tmp_path / "out")

    assert "<<: *" in (tmp_path / "out" / "compose.yaml").read_text()
    assert (tmp_path / "out" / ".env").read_text() == "B=2\n"


def test_broken_yaml_is_reduced_by_lines(case: Case, tmp_path: Path) -> None:
    Path(case.directory, "compose.yaml").write_text("a: 1\nb: [\nc: 2\n")

    assert reduce(case, lambda one: "b: [" in text(one), tmp_path / "out")

    assert (tmp_path / "out" / "compose.yaml").read_text() == "b: [\n"


def test_what_is_left_is_a_fixture(case: Case, tmp_path: Path) -> None:
    reduce(case, lambda one: "over.yaml" in one.files, tmp_path / "out")

    found = fixture(tmp_path / "out")

    assert found.files == ("over.yaml",)
    assert found.variables == {"V": "1"}


def test_a_difference_that_does_not_survive_the_move_is_left_alone(case: Case, tmp_path: Path) -> None:
    assert not reduce(case, lambda one: one.directory == case.directory, tmp_path / "out")

    assert not (tmp_path / "out").exists()
