"""Reading the host's files never raises, and never blocks."""

import os
from pathlib import Path

from stackferry.grammar.files import Disk, Memory
from stackferry.translator.host import MOST_ENTRIES, Host, Tree


def test_disk(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "two").write_text("2")
    (tmp_path / "a" / "one").write_text("1")
    (tmp_path / "a" / "one").chmod(0o755)
    host = Host(Disk(str(tmp_path)))

    assert host.tree("a") == Tree(("b/two", "one"), ("b",))
    assert host.tree("a", lambda path: path == "b") == Tree(("one",))
    assert host.content("a/one") == b"1"
    (tmp_path / "a" / "b").chmod(0o700)
    assert [host.mode(path) for path in ("a/one", "a/b", "nowhere")] == [0o755, 0o700, 0o644]
    assert [host.size(path) for path in ("a/one", "nowhere")] == [1, None]
    assert host.is_dir("a")
    assert not host.exists("z")


def test_what_is_no_file_has_no_content(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    host = Host(Disk(str(tmp_path)))

    assert host.content("fifo") is None
    assert host.content(".") is None
    assert host.content("a\0b") is None
    assert host.exists("a\0b") is False


def test_folder_with_a_loop_or_too_many_files_has_no_list(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    for number in range(MOST_ENTRIES + 1):
        (tmp_path / str(number)).write_text("")

    assert Host(Disk(str(tmp_path))).tree(".") is None


def test_linked_folders_are_followed_as_in_a_container(tmp_path: Path) -> None:
    (tmp_path / "conf" / "available").mkdir(parents=True)
    (tmp_path / "conf" / "available" / "site").write_text("1")
    (tmp_path / "conf" / "enabled").symlink_to("available")

    assert Host(Disk(str(tmp_path))).tree("conf") == Tree(("available/site", "enabled/site"), ("available", "enabled"))


def test_links_that_are_not_followed_are_told(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "lost").symlink_to("/nowhere")

    assert Host(Disk(str(tmp_path))).tree(".", follow=False) == Tree(
        (), (), (("loop", str(tmp_path)), ("lost", "/nowhere"))
    )


def test_links_that_lead_round_in_a_ring_end(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one").symlink_to(tmp_path / other)
        (tmp_path / name / "two").symlink_to(tmp_path / other)

    assert Host(Disk(str(tmp_path))).tree(".") is None


def test_folders_count_as_entries(tmp_path: Path) -> None:
    for number in range(MOST_ENTRIES + 1):
        (tmp_path / str(number)).mkdir()

    assert Host(Disk(str(tmp_path))).tree(".") is None


def test_memory() -> None:
    host = Host(Memory({"a/b": "1", "a/c/d": "2"}, "/x"))

    assert host.tree("/x/a") == Tree(("b", "c/d"), ("c",))
    assert host.tree("a", lambda path: path == "c") == Tree(("b",))
    assert [host.mode("a/b"), host.mode("a"), host.size("a/b")] == [0o644, 0o755, host.size("/x/a/b")]


def test_names_real_paths_and_owners(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / "a").symlink_to("b")
    disk, memory = Host(Disk(str(tmp_path))), Host(Memory({"b/c/d": "1", "b/e": "2"}, "/x"))

    assert (disk.names("."), disk.names("a"), disk.names("absent")) == (("a", "b"), ("c",), ())
    assert (memory.names("b"), memory.names("b/c"), memory.names("absent")) == (("c", "e"), ("d",), ())
    assert disk.real("a/c") == str(tmp_path.resolve() / "b" / "c")
    assert memory.real("b/../b/c") == "/x/b/c"
    assert (disk.owner("b"), disk.owner("absent"), memory.owner("b")) == (os.geteuid(), None, None)
