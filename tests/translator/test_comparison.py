"""Manifests on disk against those of the stack: missing, different, and superfluous ones."""

from pathlib import Path

import pytest

from stackferry.grammar.diagnostics import StackferryError
from stackferry.translator.comparison import stale_files
from stackferry.translator.output import MARKER, write_file, write_folder
from tests.translator.making import service, translated

ONE = translated(service()).objects
TWO = translated(service(), service("api")).objects


def said(target: Path, *, form: str = "yaml") -> dict[str, tuple[str, int | None]]:
    return {Path(one.path).name: (one.message, one.line) for one in stale_files(str(target), ONE, form)}


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_what_was_written_is_up_to_date(tmp_path: Path, form: str) -> None:
    write_folder(tmp_path / "out", ONE, form)
    write_file(tmp_path / f"all.{form}", ONE, form)

    assert said(tmp_path / "out", form=form) == {}
    assert said(tmp_path / f"all.{form}", form=form) == {}


def test_what_is_missing(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", ONE)
    (tmp_path / "out" / "web-service.yaml").unlink()

    assert said(tmp_path / "out") == {"web-service.yaml": ("is missing", None)}
    assert said(tmp_path / "none") == {"none": ("is missing", None)}
    assert said(tmp_path / "none.yaml") == {"none.yaml": ("is missing", None)}


def test_what_differs_and_where(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", ONE)
    path = tmp_path / "out" / "web-deployment.yaml"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:3], "# mine\n", *lines[3:]]))

    assert said(tmp_path / "out") == {"web-deployment.yaml": ("differs from the stack", 4)}


@pytest.mark.parametrize("marked", [True, False])
def test_what_nobody_wants(tmp_path: Path, marked: bool) -> None:
    folder = tmp_path / "out"
    write_folder(folder, TWO)
    (folder / "README.md").touch()
    if not marked:
        (folder / MARKER).unlink()

    extra = ("does not belong to anything in the stack", None)
    assert said(folder) == {"api-deployment.yaml": extra, "api-service.yaml": extra}


def test_files_of_others_beside_the_marker_are_theirs(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", ONE)
    (tmp_path / "out" / "kustomization.yaml").touch()

    assert said(tmp_path / "out") == {}


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "web-service.yaml").mkdir()

    with pytest.raises(StackferryError, match="cannot read"):
        said(tmp_path)
