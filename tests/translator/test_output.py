"""Writing: all or nothing, and never over foreign files."""

import errno
import os
from pathlib import Path

import pytest
import yaml

from stackferry.grammar.diagnostics import StackferryError
from stackferry.translator import Options
from stackferry.translator.manifest.manifests import render_yaml
from stackferry.translator.output import MARKER, file_name, write_file, write_folder
from tests.translator.making import service, translated

ONE = translated(service()).objects
TWO = translated(service(), service("api", environment={"TOKEN": "t"}), options=Options(namespace="demo")).objects


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def test_folder_has_a_file_for_each_object(tmp_path: Path) -> None:
    written = write_folder(tmp_path / "a" / "out", TWO)

    assert set(written) | {MARKER} == names(tmp_path / "a" / "out")
    assert "web-deployment.yaml" in written
    assert min(written) == "0-demo-namespace.yaml"
    assert yaml.safe_load((tmp_path / "a/out/web-service.yaml").read_text())["metadata"]["name"] == "web"
    assert names(tmp_path / "a") == {"out"}


def test_second_time_replaces_what_the_first_wrote(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", TWO)
    write_folder(tmp_path / "out", ONE)

    assert names(tmp_path / "out") == {"web-deployment.yaml", "web-service.yaml", MARKER}
    assert names(tmp_path) == {"out"}


def test_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    assert write_folder(tmp_path / "out", ONE)


@pytest.mark.parametrize("ours", [True, False])
def test_foreign_file_is_never_lost(tmp_path: Path, ours: bool) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    if ours:
        write_folder(folder, TWO)
    (folder / "kustomization.yaml").write_text("mine")
    before = names(folder)

    with pytest.raises(StackferryError, match=r"kustomization\.yaml"):
        write_folder(folder, ONE)
    assert names(folder) == before
    assert names(tmp_path) == {"out"}


def test_failure_leaves_the_old_folder_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    write_folder(folder, ONE)
    before = names(folder)
    write = Path.write_text

    def full(path: Path, *rest: object, **keys: object) -> int:
        if path.name == "web-deployment.yaml":
            raise OSError(28, "No space left on device")
        return write(path, *rest, **keys)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(StackferryError, match="No space left"):
        write_folder(folder, TWO)
    assert names(folder) == before
    assert names(tmp_path) == {"out"}


def test_failed_swap_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    write_folder(folder, ONE)
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if Path(target) == folder and path.name.startswith(".out.") and path.name != "was":
            raise OSError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StackferryError, match="Permission denied"):
        write_folder(folder, TWO)
    assert names(folder) == {"web-deployment.yaml", "web-service.yaml", MARKER}
    assert names(tmp_path) == {"out"}


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")

    with pytest.raises(StackferryError, match="is a file"):
        write_folder(tmp_path / "out", ONE)
    assert (tmp_path / "out").read_text() == "mine"


def test_secrets_are_for_their_owner_only(tmp_path: Path) -> None:
    written = write_folder(tmp_path / "out", TWO)

    (secret,) = [name for name in written if name.endswith("-secret.yaml")]
    assert (tmp_path / "out" / secret).stat().st_mode & 0o077 == 0
    write_file(tmp_path / "all.yaml", TWO)
    assert (tmp_path / "all.yaml").stat().st_mode & 0o077 == 0


def test_file(tmp_path: Path) -> None:
    write_file(tmp_path / "deep" / "all.yaml", ONE)
    write_file(tmp_path / "deep" / "all.json", ONE, "json")

    assert len(list(yaml.safe_load_all((tmp_path / "deep/all.yaml").read_text()))) == 2
    assert yaml.safe_load((tmp_path / "deep/all.json").read_text())["kind"] == "List"
    assert names(tmp_path / "deep") == {"all.yaml", "all.json"}


def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("old")
    (tmp_path / "link.yaml").symlink_to("real.yaml")

    write_file(tmp_path / "link.yaml", ONE)
    assert (tmp_path / "link.yaml").is_symlink()
    assert "kind: Deployment" in (tmp_path / "real.yaml").read_text()


def test_device_is_written_to_not_replaced() -> None:
    write_file(os.devnull, ONE)

    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("target", ["folder", "file/x/all.yaml"])
def test_file_that_cannot_be_written(tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")

    with pytest.raises(StackferryError, match="cannot write"):
        write_file(tmp_path / target, ONE)


def test_folder_keeps_its_permissions(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir(mode=0o700)
    write_folder(folder, TWO)
    write_folder(folder, ONE)

    assert folder.stat().st_mode & 0o777 == 0o700


def test_interrupted_swap_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    write_folder(folder, ONE)
    before = names(folder)
    rename = Path.rename

    def interrupted(path: Path, target: Path) -> Path:
        found = rename(path, target)
        if Path(target).name == "was":
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_folder(folder, TWO)
    assert names(folder) == before
    assert names(tmp_path) == {"out"}


@pytest.mark.parametrize("target", [".", "../here"])
def test_folder_under_ones_feet_is_filled_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    before = folder.stat().st_ino
    monkeypatch.chdir(folder)

    write_folder(target, TWO)
    write_folder(target, ONE)

    assert folder.stat().st_ino == before
    assert names(folder) == {MARKER, *(file_name(one) for one in ONE)}
    assert names(tmp_path) == {"here"}


@pytest.fixture
def mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like a mount point, with what a file system puts into one."""
    folder = tmp_path / "out"
    (folder / "lost+found").mkdir(parents=True)
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == folder)
    return folder


def test_mount_point_is_filled_where_it_is(mounted: Path) -> None:
    before = mounted.stat().st_ino

    write_folder(mounted, TWO)
    written = write_folder(mounted, ONE)

    assert mounted.stat().st_ino == before
    assert names(mounted) == {MARKER, "lost+found", *written}
    assert names(mounted.parent) == {"out"}


def test_mount_that_does_not_look_like_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    rename = Path.rename

    def busy(path: Path, target: Path) -> Path:
        if path == folder:
            raise OSError(errno.EBUSY, "Device or resource busy")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", busy)

    written = write_folder(folder, TWO)

    assert names(folder) == {MARKER, *written}
    assert names(tmp_path) == {"out"}


@pytest.mark.parametrize("step", range(1, 6))
@pytest.mark.parametrize("raised", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")], ids=repr)
def test_mount_point_is_as_before_if_that_fails(
    mounted: Path, monkeypatch: pytest.MonkeyPatch, step: int, raised: BaseException
) -> None:
    write_folder(mounted, TWO)
    before = {path.name: path.read_bytes() for path in mounted.iterdir() if path.is_file()}
    rename, done = Path.rename, 0

    def failing(path: Path, target: Path) -> Path:
        nonlocal done
        done += 1
        if done == step:
            raise raised
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises((KeyboardInterrupt, StackferryError)):
        write_folder(mounted, ONE)

    assert {path.name: path.read_bytes() for path in mounted.iterdir() if path.is_file()} == before
    assert names(mounted) == {"lost+found", *before}


def test_mount_point_with_files_of_others_is_left_alone(mounted: Path) -> None:
    (mounted / "mine.txt").touch()

    with pytest.raises(StackferryError, match=r"contains mine\.txt"):
        write_folder(mounted, ONE)
    assert names(mounted) == {"lost+found", "mine.txt"}


def test_what_a_killed_run_left_is_cleared_away(mounted: Path) -> None:
    (mounted / ".stackferry-abc" / "old").mkdir(parents=True)

    written = write_folder(mounted, ONE)

    assert names(mounted) == {MARKER, "lost+found", *written}


def test_file_that_is_a_mount_point_is_written_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(source: str, target: Path) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(os, "replace", busy)
    write_file(tmp_path / "all.yaml", ONE)

    assert (tmp_path / "all.yaml").read_text() == render_yaml(ONE)
    assert names(tmp_path) == {"all.yaml"}
