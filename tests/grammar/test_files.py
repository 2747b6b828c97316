"""File access: what `Disk` refuses instead of hanging, and that `Memory` behaves like it."""

import os
import socket
from pathlib import Path

import pytest

from stackferry.grammar import files
from stackferry.grammar.files import Disk, Files, Memory, working_directory


@pytest.fixture(params=["disk", "memory"])
def held(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """`a.txt` and `sub/b.txt`, on disk and in memory."""
    if request.param == "memory":
        return Memory({"a.txt": "a", "sub/b.txt": b"b"}, cwd=str(tmp_path), home="/home/me")
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").write_text("b")
    return Disk(cwd=str(tmp_path), home="/home/me")


def test_both_read_what_is_there(held: Files) -> None:
    assert held.read(f"{held.cwd}/a.txt") == b"a"
    assert held.read(f"{held.cwd}/sub/../sub/b.txt") == b"b"
    assert held.home == "/home/me"


def test_both_know_what_exists(held: Files) -> None:
    assert held.exists(f"{held.cwd}/a.txt")
    assert held.exists(f"{held.cwd}/sub")
    assert held.is_dir(f"{held.cwd}/sub")
    assert not held.is_dir(f"{held.cwd}/a.txt")
    assert not held.exists(f"{held.cwd}/c.txt")
    assert not held.is_dir(f"{held.cwd}/su")


def test_both_refuse_a_directory_and_what_is_missing(held: Files) -> None:
    with pytest.raises(IsADirectoryError):
        held.read(f"{held.cwd}/sub")
    with pytest.raises(FileNotFoundError):
        held.read(f"{held.cwd}/c.txt")


def test_the_disk_knows_the_process_unless_told() -> None:
    assert os.path.samefile(Disk().cwd, os.getcwd())
    assert Disk().home == os.environ.get("HOME")
    assert Disk(home="").home == ""


@pytest.mark.parametrize("special", ["/dev/zero", "/dev/urandom"])
def test_devices_are_refused(special: str) -> None:
    with pytest.raises(OSError, match="not a regular file"):
        Disk().read(special)


def test_the_null_device_is_an_empty_file() -> None:
    assert Disk().read("/dev/null") == b""


def test_a_fifo_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")

    with pytest.raises(OSError, match="not a regular file"):
        Disk().read(str(tmp_path / "fifo"))


def test_a_socket_is_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))

        with pytest.raises(OSError, match="No such device or address"):
            Disk().read(str(tmp_path / "s"))


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")

    with pytest.raises(OSError, match="Too many levels"):
        Disk().read(str(tmp_path / "a"))
    assert not Disk().exists(str(tmp_path / "a"))


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    (tmp_path / "ten").write_text("x" * 10)
    (tmp_path / "eleven").write_text("x" * 11)

    assert len(Disk().read(str(tmp_path / "ten"))) == 10
    with pytest.raises(OSError, match="larger than 10 bytes"):
        Disk().read(str(tmp_path / "eleven"))


def test_only_the_first_link_of_a_path_is_resolved(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    disk = Disk()

    assert disk.resolve_link(f"{tmp_path}/link/a") == f"{tmp_path}/real/a"
    assert disk.resolve_link(f"{tmp_path}/real/a") == f"{tmp_path}/real/a"
    assert Memory({}).resolve_link("/any/where") == "/any/where"


@pytest.mark.parametrize("said", ["{}/link", "{}/link/", "{}/./link", "/{}/link", "{}/other/../link"])
def test_the_working_directory_has_the_name_by_which_it_was_reached(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path / "link")
    monkeypatch.setenv("PWD", said.format(tmp_path))

    assert Disk().cwd == f"{tmp_path}/link"


@pytest.mark.parametrize(
    "said", [None, "", "link", "./", "{}/other", "{}/missing", "{}/file", "{}/loop", "\0", "{}/\0"]
)
def test_a_name_of_another_directory_is_not_believed(
    said: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real" / "link").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path / "real")

    assert working_directory(said.format(tmp_path) if said else said) == f"{os.path.realpath(tmp_path)}/real"
