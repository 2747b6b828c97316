"""Copies into claims that are folders here: first, again, after changes on both sides, and after any interruption."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stackferry.translator.cluster.copying import moves
from stackferry.translator.cluster.copying.difference import Changes
from stackferry.translator.cluster.copying.due import IN_USE
from stackferry.translator.cluster.copying.host_folder import CopyError
from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.volumes.filling.copies import Rule
from tests.translator.cluster.copying.claims import LABELS, SHELLS, Claims, bring, copy_of, marked, shape

NAMES = ["plain", "a b", "q'q\"", "new\nline", "-dash", "ü", " lead", "trail ", "end\n", "back\\slash", "$(id)", "*"]


@pytest.fixture(params=SHELLS, ids=lambda shell: str(shell[0]))
def cluster(request: pytest.FixtureRequest, tmp_path: Path) -> Claims:
    (tmp_path / "claims").mkdir()
    found = Claims(tmp_path / "claims", request.param)
    found.add("host-x")
    return found


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with all that a folder may hold."""
    folder = tmp_path / "here"
    (folder / "sub" / "deep").mkdir(parents=True)
    (folder / "empty").mkdir(mode=0o750)
    for index, name in enumerate(NAMES):
        (folder / ("sub" if index % 2 else ".") / name).write_text(name)
    (folder / "sub" / "deep" / ("x" * 200)).write_bytes(os.urandom(200_000))
    with open(bytes(folder) + b"/bad\xff", "w") as file:
        file.write("bytes")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o751)
    (folder / "inside").symlink_to("sub/deep")
    (folder / "outside").symlink_to("/etc/nowhere")
    (folder / "far").symlink_to("../" * 60)
    return folder


def test_the_copy_is_the_same(cluster: Claims, here: Path) -> None:
    _, told = bring(cluster, copy_of(here))

    assert shape(cluster.data("host-x")) == shape(here)
    assert told == ["./here is in the claim host-x: 18 copied (200.1 kB)"]
    assert (cluster.claim("host-x") / ".stackferry" / "copied").exists()
    assert cluster.ids() == ["PersistentVolumeClaim/host-x"], "no pod stays"


def test_what_has_not_changed_is_not_copied_again(cluster: Claims, here: Path) -> None:
    bring(cluster, copy_of(here))
    cluster.ran.clear()
    cluster.asked.clear()
    (here / "run.sh").touch()

    assert bring(cluster, copy_of(here)) == ([], [])
    assert cluster.ran == []
    assert all(one.startswith("GET") for one in cluster.asked)


def test_of_a_folder_only_what_changed_is_sent(cluster: Claims, here: Path) -> None:
    bring(cluster, copy_of(here))
    before = cluster.sent
    (here / "plain").write_text("another")
    (here / "run.sh").unlink()
    (here / "sub" / "new").write_text("new")

    _, told = bring(cluster, copy_of(here))

    assert shape(cluster.data("host-x")) == shape(here)
    assert cluster.sent - before < 30_000
    assert told == ["./here is in the claim host-x: 2 copied (10 B), 1 removed"]


def test_files_folders_and_links_take_each_others_places(cluster: Claims, here: Path) -> None:
    bring(cluster, copy_of(here))
    shutil.rmtree(here / "sub")
    (here / "sub").write_text("a file now")
    (here / "plain").unlink()
    (here / "plain").mkdir()
    (here / "plain" / "below").write_text("x")
    (here / "inside").unlink()
    (here / "inside").mkdir()
    (here / "inside" / "real").write_text("y")
    (here / "run.sh").unlink()
    (here / "run.sh").symlink_to("sub")
    (here / "empty").chmod(0o700)

    bring(cluster, copy_of(here))

    assert shape(cluster.data("host-x")) == shape(here)


def test_what_the_service_made_or_changed_stays(cluster: Claims, here: Path) -> None:
    bring(cluster, copy_of(here))
    data = cluster.data("host-x")
    (data / "own").write_text("the service's")
    (data / "sub" / "own").write_text("the service's")
    (data / "plain").write_text("changed there")
    (data / "run.sh").write_text("changed there")
    (data / "-dash").unlink()
    (here / "plain").write_text("changed here")
    (here / "run.sh").unlink()
    (here / "-dash").write_text("changed here")
    (here / "a b" if (here / "a b").exists() else here / "sub" / "a b").write_text("changed here only")
    (here / "own").write_text("made here, too")

    _, told = bring(cluster, copy_of(here))

    assert (data / "own").read_text() == "the service's"
    assert (data / "sub" / "own").read_text() == "the service's"
    assert (data / "plain").read_text() == "changed there"
    assert (data / "run.sh").read_text() == "changed there"
    assert not (data / "-dash").exists()
    assert (data / "sub" / "a b").read_text() == "changed here only"
    assert told == ["./here is in the claim host-x: 1 copied (17 B), 4 kept as the service has changed them"]
    assert bring(cluster, copy_of(here)) == ([], [])


def test_a_folder_in_which_the_service_keeps_something_stays(cluster: Claims, here: Path) -> None:
    bring(cluster, copy_of(here))
    (cluster.data("host-x") / "sub" / "own").write_text("the service's")
    shutil.rmtree(here / "sub")
    (here / "sub").write_text("a file now")

    _, told = bring(cluster, copy_of(here))

    assert os.listdir(cluster.data("host-x") / "sub") == ["own"]
    assert "kept as the service has changed them" in told[0]


def test_what_nobody_writes_is_as_it_is_here(cluster: Claims, here: Path) -> None:
    cluster.data("host-x").mkdir()
    (cluster.data("host-x") / "plain").write_text("somebody filled it by hand")

    bring(cluster, copy_of(here, rule=Rule.MIRROR))
    assert shape(cluster.data("host-x")) == shape(here)

    (cluster.data("host-x") / "plain").write_text("by hand again")
    (here / "plain").write_text("changed")
    bring(cluster, copy_of(here, rule=Rule.MIRROR))
    assert shape(cluster.data("host-x")) == shape(here)


@pytest.mark.parametrize("rule", [Rule.MERGE, Rule.ONCE])
def test_a_claim_that_is_in_use_is_left_alone_for_ever(cluster: Claims, here: Path, rule: Rule) -> None:
    cluster.data("host-x").mkdir()
    (cluster.data("host-x") / "mine").write_text("x")

    _, told = bring(cluster, copy_of(here, rule=rule))
    (here / "plain").write_text("changed")

    assert os.listdir(cluster.data("host-x")) == ["mine"]
    assert told == ["the claim host-x already holds data: ./here is not copied into it"]
    assert marked(cluster) == IN_USE
    assert (cluster.claim("host-x") / ".stackferry" / "copied").exists(), "pods wait for the mark"
    assert bring(cluster, copy_of(here, rule=rule)) == ([], [])


def test_a_database_is_copied_once(cluster: Claims, here: Path) -> None:
    bring(cluster, copy_of(here, rule=Rule.ONCE))
    first = shape(cluster.data("host-x"))
    (here / "plain").write_text("changed")

    assert bring(cluster, copy_of(here, rule=Rule.ONCE)) == ([], [])
    cluster.objects.clear()
    cluster.put("PersistentVolumeClaim", "host-x", metadata={"labels": LABELS})
    bring(cluster, copy_of(here, rule=Rule.ONCE))
    assert shape(cluster.data("host-x")) == first


def test_a_single_file_keeps_its_inode_for_who_has_it_mounted(cluster: Claims, tmp_path: Path) -> None:
    (tmp_path / "one file").write_text("first")
    bring(cluster, copy_of(tmp_path / "one file"))
    data = cluster.data("host-x") / "one file"
    before = data.stat().st_ino

    (tmp_path / "one file").write_text("second")
    (tmp_path / "one file").chmod(0o600)
    bring(cluster, copy_of(tmp_path / "one file"))

    assert (data.read_text(), data.stat().st_ino, data.stat().st_mode & 0o777) == ("second", before, 0o600)


def test_what_is_named_stays_here(cluster: Claims, here: Path) -> None:
    bring(cluster, copy_of(here, skip=lambda path: path in ("sub", "plain")))

    found = shape(cluster.data("host-x"))
    assert not any(path.startswith((b"/sub", b"/plain")) for path in found)
    assert b"/run.sh" in found


@pytest.mark.parametrize("after", [0, 1, 2, 3, 4])
def test_what_has_arrived_is_not_sent_again(cluster: Claims, tmp_path: Path, after: int) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for index in range(8):
        (folder / f"f{index}").write_bytes(os.urandom(100_000))
    pieces = 0

    def breaks(_: bytes) -> bool:
        nonlocal pieces
        pieces += 1
        return pieces > 3 * after

    cluster.breaks = breaks
    with pytest.raises(ClusterError, match="the connection to the cluster was lost"):
        bring(cluster, copy_of(folder))
    assert not cluster.data("host-x").exists(), "nothing half-way is seen"
    cluster.breaks = lambda _: False
    before = cluster.sent

    bring(cluster, copy_of(folder))

    assert shape(cluster.data("host-x")) == shape(folder)
    assert cluster.sent - before < 830_000 - max(0, 3 * after * 65_536 - 170_000)


@pytest.mark.parametrize("at", range(6))
def test_a_copy_that_dies_between_two_programs_goes_on(cluster: Claims, here: Path, at: int) -> None:
    bring(cluster, copy_of(here))
    (here / "plain").write_text("changed")
    (here / "run.sh").unlink()
    line = cluster.line
    ran = len(cluster.ran)

    def dies(target: str, protocol: str, what: str) -> object:
        if len(cluster.ran) - ran >= at:
            raise ClusterError("gone")
        return line(target, protocol, what)

    cluster.line = dies  # type: ignore[method-assign, assignment]
    if at < 5:
        with pytest.raises(ClusterError, match="gone"):
            bring(cluster, copy_of(here))
    cluster.line = line  # type: ignore[method-assign]

    bring(cluster, copy_of(here))

    assert shape(cluster.data("host-x")) == shape(here)
    assert sorted(os.listdir(cluster.claim("host-x") / ".stackferry" / "copy")) == ["base"]


@pytest.mark.parametrize("operations", range(12))
def test_moves_that_were_interrupted_are_brought_to_their_end(cluster: Claims, here: Path, operations: int) -> None:
    """The pod is gone in the middle of `apply`: the next run begins with the rest of it."""
    bring(cluster, copy_of(here))
    for name in ("plain", "run.sh"):
        (here / name).write_text("changed")
    (here / "sub" / "new folder").mkdir()
    (here / "sub" / "new folder" / "x").write_text("x")
    (here / "ü").unlink(missing_ok=True)
    shutil.rmtree(here / "empty")
    cluster.cut = moves.applying(Changes(), "", "", in_place=False).count(b"\n") - 4 + operations
    with pytest.raises(CopyError, match="the copy failed"):
        bring(cluster, copy_of(here))
    cluster.cut = None

    bring(cluster, copy_of(here))

    assert shape(cluster.data("host-x")) == shape(here)
    assert sorted(os.listdir(cluster.claim("host-x") / ".stackferry" / "copy")) == ["base"]


def test_a_file_that_changes_under_way_is_told(cluster: Claims, here: Path) -> None:
    line = cluster.line

    def changes_it(target: str, protocol: str, what: str) -> object:
        (here / "run.sh").write_text("longer than it was when it was looked at")
        return line(target, protocol, what)

    cluster.line = changes_it  # type: ignore[method-assign, assignment]
    with pytest.raises(CopyError, match=r"\./here/run\.sh was changed while it was copied"):
        bring(cluster, copy_of(here))
    cluster.line = line  # type: ignore[method-assign]
    bring(cluster, copy_of(here))

    assert shape(cluster.data("host-x")) == shape(here)


def test_what_arrives_otherwise_is_found_out_and_sent_anew(cluster: Claims, here: Path) -> None:
    cluster.garbles = (b"#!/bin/sh\n", b"#!/bin/xx\n")
    with pytest.raises(CopyError, match=r"the copy was corrupted in transit: ./run.sh: FAILED"):
        bring(cluster, copy_of(here))
    assert not cluster.data("host-x").exists()
    cluster.garbles = None

    bring(cluster, copy_of(here))

    assert shape(cluster.data("host-x")) == shape(here)


def test_a_claim_that_is_full_says_so(cluster: Claims, here: Path) -> None:
    cluster.fails = "echo 'tar: write error: No space left on device' >&2; exit 1"

    with pytest.raises(CopyError, match="the claim is full") as refused:
        bring(cluster, copy_of(here))

    assert "--volume-size" in refused.value.hint


TREES = st.dictionaries(
    st.lists(st.sampled_from(["a", "b", "c c", "d\nd", "-e", "'f"]), min_size=1, max_size=3).map("/".join),
    st.one_of(st.binary(max_size=20), st.none(), st.sampled_from(["a", "../b", "/nowhere"])),
    max_size=8,
)
"""Contents of files by path; None is a folder, a text is a link's target."""


def plant(folder: Path, tree: dict[str, bytes | str | None]) -> None:
    """Make the folder as the tree says, as far as one path does not stand in another's way."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path, what in tree.items():
        place = folder / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.parent.resolve() != place.parent or os.path.lexists(place):
                continue
            if what is None:
                place.mkdir()
            elif isinstance(what, str):
                place.symlink_to(what)
            else:
                place.write_bytes(what)
        except OSError:
            continue


@given(st.lists(TREES, min_size=2, max_size=3))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_becomes_of_a_folder_the_copy_follows(trees: list[dict[str, bytes | str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve()
        (place / "claims").mkdir()
        cluster = Claims(place / "claims", SHELLS[0])
        cluster.add("host-x")
        for tree in trees:
            plant(place / "here", tree)
            bring(cluster, copy_of(place / "here"))
            seen = shape(cluster.data("host-x")) if cluster.data("host-x").exists() else {}
            assert seen == shape(place / "here")


@given(TREES, TREES, st.dictionaries(st.sampled_from(["a", "b", "a/b", "own", "c c/own"]), st.booleans(), max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_changes_here_nothing_of_the_services_is_lost(
    before: dict[str, bytes | str | None], after: dict[str, bytes | str | None], own: dict[str, bool]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve()
        (place / "claims").mkdir()
        cluster = Claims(place / "claims", SHELLS[0])
        cluster.add("host-x")
        plant(place / "here", before)
        bring(cluster, copy_of(place / "here"))
        data = cluster.data("host-x")
        data.mkdir(exist_ok=True)
        for path in own:
            with contextlib.suppress(OSError):
                (data / path).parent.mkdir(exist_ok=True)
                # Never through a link, which may lead out of the folder or to itself.
                if (data / path).parent.resolve() == (data / path).parent and not (data / path).is_symlink():
                    (data / path).write_text("the service's own")
        written = {path: what for path, what in shape(data).items() if what[2] == b"the service's own"}

        plant(place / "here", after)
        bring(cluster, copy_of(place / "here"))

        seen = shape(data)
        assert {path: seen.get(path) for path in written} == written
        assert bring(cluster, copy_of(place / "here")) == ([], [])
