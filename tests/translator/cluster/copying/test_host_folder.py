"""Reading the files to copy: every kind of file, unreadable files, and concurrent changes."""

import os
import socket
from pathlib import Path

import pytest

from stackferry.translator.cluster.copying.host_folder import PIECE, CopyError, read
from stackferry.translator.image_facts.identity import Identity
from tests.translator.cluster.copying.claims import copy_of


def test_a_folder_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir(mode=0o750)
    (tmp_path / "sub" / "a").write_bytes(b"x" * (PIECE + 1))
    (tmp_path / "sub" / "a").chmod(0o4711)
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "lost").symlink_to("/nowhere")

    found = read(copy_of(tmp_path)).listing.entries

    assert [(one.path, one.kind, f"{one.mode:o}", one.size) for one in found.values()] == [
        ("loop", "link", "777", 0),
        ("lost", "link", "777", 0),
        ("sub", "folder", "750", 0),
        ("sub/a", "file", "4711", PIECE + 1),
    ]
    assert found["lost"].target == "/nowhere"


def test_the_checksum_knows_no_times_and_no_order(tmp_path: Path) -> None:
    for folder, names in (("a", "xyz"), ("b", "zyx")):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_text(name)
            os.utime(tmp_path / folder / name, (1, ord(name)))

    first, second = (read(copy_of(tmp_path / folder)).listing.checksum() for folder in "ab")
    assert first == second


def test_what_is_skipped_is_not_even_looked_into(tmp_path: Path) -> None:
    (tmp_path / "skip").mkdir()
    (tmp_path / "skip" / "x").write_text("x")
    (tmp_path / "keep").write_text("x")
    if os.geteuid():
        (tmp_path / "skip").chmod(0)

    assert list(read(copy_of(tmp_path, skip=lambda path: path == "skip")).listing.entries) == ["keep"]


def test_sockets_and_fifos_cannot_be_copied(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as unix_socket:
        unix_socket.bind(str(tmp_path / "socket"))
        found = read(copy_of(tmp_path))

    assert (found.skipped, found.listing.entries) == (("fifo", "socket"), {})
    with pytest.raises(CopyError, match=r"\./fifo is neither a file nor a folder"):
        read(copy_of(tmp_path / "fifo"))


def test_a_single_file_may_be_a_link_to_one(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("content")
    (tmp_path / "link").symlink_to("real")

    found = read(copy_of(tmp_path / "link"))

    (entry,) = found.listing.entries.values()
    assert (entry.path, entry.kind, entry.size) == ("link", "file", 7)
    assert b"".join(found.content(entry)) == b"content"


def test_what_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("x")
    opened = os.open

    def refused_to_all(path: str, *rest: int) -> int:
        # Root, as whom tests run here and there, may read everything.
        if path.endswith("secret"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *rest)

    monkeypatch.setattr(os, "open", refused_to_all)
    with pytest.raises(CopyError, match="secret cannot be copied: permission denied") as refused:
        read(copy_of(tmp_path))
    assert ".dockerignore" in refused.value.hint


def test_what_is_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    copy = copy_of(tmp_path / "x")
    (tmp_path / "x").rmdir()

    with pytest.raises(CopyError, match=r"\./x/ cannot be copied: no such file or directory"):
        read(copy)


@pytest.mark.parametrize("after", ["longer than before", "short", "same, but", ""])
def test_a_file_that_is_not_as_it_was_is_told(tmp_path: Path, after: str) -> None:
    (tmp_path / "x").write_text("nine byte")
    found = read(copy_of(tmp_path))
    (entry,) = found.listing.entries.values()
    (tmp_path / "x").write_text(after)

    if after.startswith("longer"):
        (tmp_path / "x").write_text("nine bytes more")
        assert b"".join(found.content(entry)) == b"nine byte", "only what was there before is sent"
        return
    with pytest.raises(CopyError, match="x was changed while it was copied"):
        list(found.content(entry))


def test_to_whom_a_copy_belongs(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    os.utime(tmp_path / "x", (1_000_000, 1_000_000))
    (entry,) = read(copy_of(tmp_path)).listing.entries.values()

    assert read(copy_of(tmp_path)).owner(entry) == (os.geteuid(), (tmp_path / "x").stat().st_gid)
    assert read(copy_of(tmp_path, owner=Identity(1000, 50, "user"))).owner(entry) == (1000, 50)
    assert read(copy_of(tmp_path)).time(entry) == 1_000_000
