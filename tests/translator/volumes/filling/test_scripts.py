"""The scripts of init containers, really run in two shells: their results, and that no data is lost."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from stackferry.translator.volumes.filling.scripts import (
    AWAIT,
    AWAIT_COPY,
    CLAIM,
    COPIED,
    COPY_IMAGE,
    COPY_UP,
    FILL,
    OWN_FILES,
    OWN_FOLDERS,
    PLAN,
    SEED,
)

SHELLS = [[name, *rest] for name, *rest in (("busybox", "sh"), ("dash",)) if shutil.which(name)]
pytestmark = pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: str(shell[0]))


def run(shell: list[str], script: str, at: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """The script with the folders of a container below `at`."""
    moved = script.replace(SEED, str(at / "seed")).replace(CLAIM, str(at / "claim"))
    return subprocess.run([*shell, "-c", moved, "fill", *args], check=True, capture_output=True, text=True, timeout=30)


@pytest.fixture
def at(tmp_path: Path) -> Path:
    (tmp_path / "claim").mkdir()
    (tmp_path / "claim").chmod(0o777)
    (tmp_path / "seed").mkdir()
    (tmp_path / "seed" / "..data").mkdir()
    for key, text in (("run.sh", "#!"), ("sub.a", "in a folder"), ("odd", "odd")):
        (tmp_path / "seed" / "..data" / key).write_text(text)
        (tmp_path / "seed" / key).symlink_to(f"..data/{key}")
    plan = "700 / sub\n755 / empty\n755 run.sh run.sh\n640 sub.a sub/a\n644 odd  two  blanks \n"
    (tmp_path / "seed" / PLAN).write_text(plan)
    return tmp_path


def modes(folder: Path) -> dict[str, str]:
    found = sorted(folder.rglob("*"))
    return {str(path.relative_to(folder)): f"{path.stat().st_mode & 0o7777:o}" for path in found}


def test_fills_with_modes_folders_and_any_name(shell: list[str], at: Path) -> None:
    run(shell, FILL, at, "", "data")

    expected = {"sub": "700", "empty": "755", "run.sh": "755", "sub/a": "640", " two  blanks ": "644"}
    assert modes(at / "claim" / "data") == expected
    assert not (at / "claim" / "data" / "run.sh").is_symlink()
    assert (at / "claim" / "data").stat().st_mode & 0o777 == 0o777
    assert sorted(os.listdir(at / "claim" / ".stackferry")) == ["begun", "done"]


def test_makes_links_and_leaves_those_that_are_there(shell: list[str], at: Path) -> None:
    (at / "seed" / "l").write_text("../two words")
    (at / "seed" / PLAN).write_text("755 / sub\nlink l nowhere\nlink l sub/again\n")
    (at / "claim" / ".stackferry").mkdir()
    (at / "claim" / ".stackferry" / "begun").touch()
    (at / "claim" / "data" / "sub").mkdir(parents=True)
    (at / "claim" / "data" / "sub" / "again").symlink_to("/")

    run(shell, FILL, at, "", "data")

    assert os.readlink(at / "claim" / "data" / "nowhere") == "../two words"
    assert os.readlink(at / "claim" / "data" / "sub" / "again") == "/"


def test_goes_on_where_it_was_killed_and_leaves_what_is_there(shell: list[str], at: Path) -> None:
    (at / "claim" / ".stackferry").mkdir()
    (at / "claim" / ".stackferry" / "begun").touch()
    (at / "claim" / "data").mkdir()
    (at / "claim" / "data" / "run.sh").write_text("of the service")

    run(shell, FILL, at, "", "data")

    assert (at / "claim" / "data" / "run.sh").read_text() == "of the service"
    assert (at / "claim" / "data" / "sub" / "a").read_text() == "in a folder"


@pytest.mark.parametrize("state", ["used", "done"])
def test_leaves_a_claim_that_somebody_used(shell: list[str], at: Path, state: str) -> None:
    (at / "claim" / "data").mkdir()
    if state == "used":
        (at / "claim" / "data" / "db").write_text("rows")
    else:
        (at / "claim" / ".stackferry").mkdir()
        (at / "claim" / ".stackferry" / "done").touch()

    run(shell, FILL, at, "", "data")

    assert list(modes(at / "claim" / "data")) == (["db"] if state == "used" else [])


def test_begins_beside_lost_and_found(shell: list[str], at: Path) -> None:
    (at / "claim" / "lost+found").mkdir()

    run(shell, FILL, at, "", "data")

    assert (at / "claim" / "data" / "run.sh").is_file()


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
def test_belongs_to_the_service(shell: list[str], at: Path) -> None:
    run(shell, FILL, at, "1000:999", "data")

    made = (at / "claim" / "data" / "sub" / "a").stat()
    assert (made.st_uid, made.st_gid) == (1000, 999)


def test_copy_up_of_what_the_image_holds(shell: list[str], at: Path) -> None:
    image = at / "image"
    image.mkdir()
    (image / "index.html").write_text("hello")
    (image / ".hidden").write_text("x")

    for _ in range(2):
        run(shell, COPY_UP, at, str(image), "data/html", "copied/abc")
        assert sorted(os.listdir(at / "claim" / "data" / "html")) == [".hidden", "index.html"]
        (image / "later").touch()

    (at / "claim" / "other").mkdir()
    (at / "claim" / "other" / "mine").touch()
    run(shell, COPY_UP, at, str(image), "other", "copied/def")
    assert os.listdir(at / "claim" / "other") == ["mine"]
    run(shell, COPY_UP, at, str(at / "missing"), "third", "copied/ghi")
    assert not (at / "claim" / "third").exists()


def test_copy_of_a_part_of_an_image(shell: list[str], at: Path) -> None:
    (at / "image" / "bin").mkdir(parents=True)
    (at / "image" / "bin" / "tool").write_text("x")
    below = str(at / "image").strip("/")

    run(shell, COPY_IMAGE, at, below)
    assert list(modes(at / "claim" / "data")) == ["bin", "bin/tool"]
    (at / "claim" / "done").unlink()
    run(shell, COPY_IMAGE, at, f"{below}/bin/tool")
    assert (at / "claim" / "data").read_text() == "x"


def test_waiting_ends_when_the_file_is_there(shell: list[str], at: Path) -> None:
    (at / "claim" / "data").mkdir()
    (at / "claim" / "data" / "app.db").touch()

    assert run(shell, AWAIT, at, "app.db", "host-app-db").stdout == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
def test_modes_and_owners(shell: list[str], at: Path) -> None:
    for name in ("one", "two"):
        (at / name).mkdir()
    run(shell, OWN_FOLDERS, at, str(at / "one"), "1770", "1000:1000", str(at / "two"), "700", "")
    assert [modes(at)[name] for name in ("one", "two")] == ["1770", "700"]
    assert (at / "one").stat().st_uid == 1000

    (at / "token").write_text("t")
    for _ in range(2):
        run(shell, OWN_FILES, at, str(at / "token"), str(at / "one" / "token"), "400", "1000:0")
    made = (at / "one" / "token").stat()
    assert (made.st_mode & 0o777, made.st_uid, made.st_gid) == (0o400, 1000, 0)


def test_waits_for_a_copy_until_it_is_there(shell: list[str], at: Path) -> None:
    mark = at / "claim" / COPIED
    script = AWAIT_COPY.replace("sleep 1", f"mkdir -p '{mark.parent}'; : > '{mark}'; echo looked")

    first = run(shell, script, at, "host-x")
    again = run(shell, script, at, "host-x")

    assert first.stdout.splitlines()[0].startswith("nothing was copied into the claim host-x yet")
    assert first.stdout.count("looked") == 1
    assert again.stdout == ""
