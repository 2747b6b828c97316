"""`cp` by the rules of `docker cp`: names, content, errors, and hostile archives of a container."""

import io
import os
import tarfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from stackferry.containers.archive import is_directory_here, is_directory_in, opened, pack, target, unpack
from stackferry.grammar.diagnostics import StackferryError

THERE = {"/etc": True, "/etc/passwd": False, "/": True, ".": True}


@pytest.mark.parametrize(
    ("source", "directory", "place", "path"),
    [
        ("note", False, "/etc", "/etc/note"),
        ("a/note", False, "/etc/", "/etc/note"),
        ("note", False, "/etc/passwd", "/etc/passwd"),
        ("note", False, "/etc/new", "/etc/new"),
        ("note", False, "new", "new"),
        ("dir", True, "/etc", "/etc/dir"),
        ("dir/", True, "/etc", "/etc/dir"),
        ("dir/.", True, "/etc", "/etc"),
        (".", True, "/etc", "/etc"),
        ("dir", True, "/etc/new/", "/etc/new"),
        ("dir/.", True, "/etc/new", "/etc/new"),
    ],
)
def test_what_it_is_called(source: str, directory: bool, place: str, path: str) -> None:
    there = {**THERE, "/etc/": True}
    assert target(source, directory, place, there.get) == path


@pytest.mark.parametrize(
    ("source", "directory", "place", "says"),
    [
        ("dir", True, "/etc/passwd", "cannot copy a directory over a file"),
        ("note", False, "/etc/new/", "no such directory: /etc/new/"),
        ("note", False, "/new/note", "no such directory: /new"),
    ],
)
def test_what_cannot_be(source: str, directory: bool, place: str, says: str) -> None:
    with pytest.raises(StackferryError, match=says):
        target(source, directory, place, THERE.get)


def whole(blocks: Iterable[bytes]) -> io.BytesIO:
    return io.BytesIO(b"".join(blocks))


def names(archive: io.BytesIO) -> list[str]:
    with tarfile.open(fileobj=archive) as tar:
        return sorted(one.name for one in tar)


def test_there_and_back(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "sub").mkdir(parents=True)
    (source / "note").write_text("hello")
    (source / "link").symlink_to("note")
    os.link(source / "note", source / "sub" / "twin")

    archive = whole(pack(str(source), "given"))
    assert names(archive) == ["given", "given/link", "given/note", "given/sub", "given/sub/twin"]

    archive.seek(0)
    with opened(archive) as tar:
        assert is_directory_in(tar)
        unpack(tar, str(tmp_path / "back"))
    assert (tmp_path / "back" / "sub" / "twin").read_text() == "hello"
    assert (tmp_path / "back" / "link").is_symlink()
    assert is_directory_here(str(tmp_path / "back")) is True
    assert is_directory_here(str(tmp_path / "back" / "note")) is False
    assert is_directory_here(str(tmp_path / "nothing")) is None


def test_owners_and_links(tmp_path: Path) -> None:
    (tmp_path / "note").write_text("hello")
    (tmp_path / "link").symlink_to("note")

    with tarfile.open(fileobj=whole(pack(str(tmp_path / "link"), "it"))) as tar:
        assert tar.getmember("it").issym()
    with tarfile.open(fileobj=whole(pack(str(tmp_path / "link"), "it", follow=True))) as tar:
        assert tar.getmember("it").isfile()
        assert (tar.getmember("it").uid, tar.getmember("it").uname) == (0, "")
    with opened(whole(pack(str(tmp_path / "note"), "it"))) as tar:
        assert not is_directory_in(tar)


def test_no_file_has_to_fit_into_memory(tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as file:
        file.truncate(10_000_001)

    sizes = [len(block) for block in pack(str(tmp_path / "big"), "it")]

    assert max(sizes) <= 1 << 16
    assert sum(sizes) % 512 == 0
    with opened(whole(pack(str(tmp_path / "big"), "it"))) as tar:
        unpack(tar, str(tmp_path / "back"))
    assert (tmp_path / "back").stat().st_size == 10_000_001


def test_nothing_leaves_its_place(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        link = tarfile.TarInfo("it")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "outside")
        tar.addfile(link)
        inside = tarfile.TarInfo("it/note")
        inside.size = 5
        tar.addfile(inside, io.BytesIO(b"hello"))
    (tmp_path / "outside").mkdir()
    (tmp_path / "place").mkdir()

    packed.seek(0)
    with opened(packed) as tar, pytest.raises(tarfile.TarError):
        unpack(tar, str(tmp_path / "place" / "it"))
    assert list((tmp_path / "outside").iterdir()) == []
