"""Folders that only the user may read, where others may create folders too: with two users, so it needs root."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackferry.emulator.agent.private_folder import private_folder
from stackferry.grammar.diagnostics import StackferryError
from tests.engine.stranger import STRANGER, by_root, shared, stranger

__all__ = ["shared"]


@pytest.fixture
def umask() -> Iterator[None]:
    """It is as it was after the test."""
    before = os.umask(0)
    yield
    os.umask(before)


def made(base: Path, *levels: str) -> str:
    """What is said of the folder when it is wanted; nothing if we have it."""
    try:
        with private_folder(base, levels, make=True) as folder:
            assert os.path.samestat(os.fstat(folder), os.stat(base.joinpath(*levels)))
        return ""
    except StackferryError as error:
        return f"{error} ({error.hint})"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


@pytest.mark.parametrize("mask", [0, 0o022, 0o777])
def test_each_level_is_for_us_alone_whatever_the_umask(tmp_path: Path, umask: None, mask: int) -> None:
    os.umask(mask)

    assert made(tmp_path, "all", "shop", "task") == ""
    assert [mode(tmp_path / one) for one in ("all", "all/shop", "all/shop/task")] == [0o700] * 3
    assert made(tmp_path, "all", "shop", "task") == ""


def test_a_folder_of_ours_that_is_too_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "all" / "shop").mkdir(parents=True)
    (tmp_path / "all").chmod(0o755)
    (tmp_path / "all" / "shop").chmod(0o2777)

    with private_folder(tmp_path, ["all", "shop"], make=False):
        # To look changes nothing.
        assert mode(tmp_path / "all") == 0o755

    assert made(tmp_path, "all", "shop") == ""
    assert [mode(tmp_path / one) for one in ("all", "all/shop")] == [0o700, 0o700]


def test_what_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), private_folder(tmp_path, ["all"], make=False):
        pass

    assert list(tmp_path.iterdir()) == []
    assert made(tmp_path / "absent", "all") == (
        f"cannot use the folder {tmp_path}/absent/all: No such file or directory (set XDG_RUNTIME_DIR"
        f" to a folder that you own)"
    )


@pytest.mark.parametrize("kind", ["symbolic link", "file"])
def test_neither_a_link_nor_a_file_will_do(tmp_path: Path, kind: str) -> None:
    """Not even one of ours."""
    (tmp_path / "place").mkdir(mode=0o755)
    if kind == "file":
        (tmp_path / "all").write_text("")
    else:
        (tmp_path / "all").symlink_to(tmp_path / "place")

    said = made(tmp_path, "all", "shop")

    assert said.startswith(f"{tmp_path}/all is a {kind} of ")
    assert "not a folder that you own: no secret may be stored there" in said
    assert list((tmp_path / "place").iterdir()) == []


@by_root
@pytest.mark.parametrize("rights", ["777", "700"])
def test_a_folder_that_somebody_else_made_before_us_is_refused(shared: Path, rights: str) -> None:
    assert stranger(f"mkdir -m {rights} {shared}/all").returncode == 0

    said = made(shared, "all", "shop")

    assert said.startswith(f"{shared}/all is a folder of ")
    assert f"uid {STRANGER}" in said
    assert said.endswith("(remove it (as its owner or as root), or set XDG_RUNTIME_DIR to a folder that you own)")
    assert list((shared / "all").iterdir()) == []


@by_root
def test_a_link_that_somebody_else_made_before_us_is_refused(shared: Path, tmp_path: Path) -> None:
    """It may lead to a folder of ours: what we remove would be removed there."""
    assert stranger(f"ln -s {tmp_path} {shared}/all").returncode == 0

    said = made(shared, "all", "shop")

    assert said.startswith(f"{shared}/all is a symbolic link of ")
    assert f"uid {STRANGER}" in said
    assert list(tmp_path.iterdir()) == []


@by_root
def test_a_folder_that_somebody_else_made_in_ours_is_refused(shared: Path) -> None:
    """Ours was open to all when an earlier version made it."""
    (shared / "all").mkdir()
    (shared / "all").chmod(0o777)
    assert stranger(f"mkdir -m 777 {shared}/all/shop").returncode == 0

    assert made(shared, "all", "shop").startswith(f"{shared}/all/shop is a folder of ")


@by_root
def test_nobody_else_gets_in(shared: Path) -> None:
    assert made(shared, "all", "shop") == ""

    assert stranger(f"ls {shared}/all").returncode != 0
    assert stranger(f"mkdir {shared}/all/shop/task").returncode != 0
