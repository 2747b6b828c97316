"""Writes manifests to disk: one file, or a folder with a file per object. Never only a part of them.

New files are written beside the target and renamed into place. A folder is replaced only if it is
ours: it holds our marker and nothing that the marker does not list. A folder that cannot be replaced (a mount point,
the working directory) stays, and its files are exchanged.
"""

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from stackferry.grammar.diagnostics import StackferryError
from stackferry.translator.manifest.manifests import Manifest, render_json, render_yaml

MARKER = ".stackferry"
"""The file that marks a folder as ours, with the names of all files in it, one a line."""


_WORK = ".stackferry-"
"""The prefix of the temporary folder for new files, inside a folder that has to stay."""
_OTHERS = frozenset(("lost+found",))
"""Entries that file systems create in a new volume."""


def file_name(manifest: Manifest, suffix: str = "yaml") -> str:
    """`web-deployment.yaml`; a Namespace sorts first, since `kubectl apply -f DIR` goes by name."""
    prefix = "0-" if manifest.kind == "Namespace" else ""
    return f"{prefix}{manifest.name}-{manifest.kind.lower()}.{suffix}"


def write_folder(target: str | Path, manifests: Iterable[Manifest], form: str = "yaml") -> tuple[str, ...]:
    """Write one file per object into the folder `target`; returns the files' names.

    `form` is `yaml` or `json`. Raises StackferryError if the folder is not ours to replace or cannot
    be written; the folder is then as it was before.
    """
    folder = Path(os.path.realpath(target))
    render = render_json if form == "json" else render_yaml
    texts = {file_name(one, form): render((one,)) for one in manifests}
    _refuse_foreign(folder)
    try:
        if _is_held(folder) or not _replaced(folder, texts):
            _refill(folder, texts)
    except OSError as error:
        raise _cannot_write(target, error) from error
    return tuple(texts)


def _replaced(folder: Path, texts: Mapping[str, str]) -> bool:
    """Replace the folder by a new one in one step; False if it has to stay."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        _fill(temporary, texts)
        temporary.chmod(stat.S_IMODE(folder.stat().st_mode) if folder.exists() else _default_mode(0o777))
        _swap(temporary, folder)
    except OSError as error:
        # A bind mount within one file system does not look like a mount point.
        if error.errno not in (errno.EBUSY, errno.EXDEV) or not folder.exists():
            raise
        return False
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return True


def _refill(folder: Path, texts: Mapping[str, str]) -> None:
    """Replace the files of a folder that has to stay. If that fails, the old files are restored."""
    for left in folder.glob(f"{_WORK}*"):
        shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=_WORK, dir=folder))
    new, old = work / "new", work / "old"
    moved: list[tuple[Path, Path]] = []
    try:
        new.mkdir()
        old.mkdir()
        _fill(new, texts)
        ours = [one for one in folder.iterdir() if one != work and one.name not in _OTHERS]
        try:
            for source, target in (
                *((one, old / one.name) for one in ours),
                *((one, folder / one.name) for one in new.iterdir()),
            ):
                source.rename(target)
                moved.append((source, target))
        except BaseException:  # Ctrl-C as well
            for source, target in reversed(moved):
                target.rename(source)
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_file(target: str | Path, manifests: Iterable[Manifest], form: str = "yaml") -> None:
    """Write everything into the one file `target`. Raises StackferryError if it cannot be written."""
    objects = tuple(manifests)
    text = render_json(objects) if form == "json" else render_yaml(objects)
    path = Path(os.path.realpath(target))
    try:
        if path.exists() and not path.is_file():
            if path.is_dir():
                raise IsADirectoryError(21, "Is a directory", str(target))
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            os.chmod(temporary, _mode(path, any(one.kind == "Secret" for one in objects)))
            os.replace(temporary, path)
        except BaseException as error:
            os.unlink(temporary)
            # A file that is a mount point has to stay.
            if not isinstance(error, OSError) or error.errno != errno.EBUSY:
                raise
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise _cannot_write(target, error) from error


def _refuse_foreign(folder: Path) -> None:
    """Raise unless the folder is absent, empty or entirely ours."""
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        raise StackferryError(f"{folder} is a file, not a folder", "specify another folder with -o")
    try:
        held = {entry.name for entry in os.scandir(folder)}
        ours = set((folder / MARKER).read_text(encoding="utf-8").splitlines()) | {MARKER} if MARKER in held else set()
    except OSError as error:
        raise _cannot_write(folder, error) from error
    foreign = sorted(one for one in held - ours - _OTHERS if not one.startswith(_WORK))
    if foreign:
        raise StackferryError(
            f"{folder} contains {foreign[0]}, which stackferry did not write; nothing was changed",
            "specify an empty or new folder with -o, or empty this one",
        )


def _is_held(folder: Path) -> bool:
    """Whether the folder itself has to stay: it is a mount point, or the working directory of a shell."""
    here = Path(os.path.realpath(os.curdir))
    return folder.exists() and (
        os.path.ismount(folder) or here.is_relative_to(folder) or not os.access(folder.parent, os.W_OK)
    )


def _fill(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in {**texts, MARKER: "".join(f"{name}\n" for name in sorted(texts))}.items():
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="\n")
        path.chmod(_default_mode(0o600 if "-secret." in name else 0o666))


def _swap(temporary: Path, folder: Path) -> None:
    """Put `temporary` in the place of `folder`; the old content is deleted last."""
    if not folder.exists():
        temporary.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
    try:
        folder.rename(old / "was")
        temporary.rename(folder)
    except BaseException:  # Ctrl-C as well: between the two steps there is no folder
        if not folder.exists() and (old / "was").exists():
            (old / "was").rename(folder)
        shutil.rmtree(old, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _mode(path: Path, secret: bool) -> int:
    """The mode: that of an existing file; a new file with a Secret is readable by its owner only."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    return _default_mode(0o600 if secret else 0o666)


def _default_mode(wanted: int) -> int:
    umask = os.umask(0)
    os.umask(umask)
    return wanted & ~umask


def _cannot_write(target: str | Path, error: OSError) -> StackferryError:
    return StackferryError(f"cannot write {target}: {error.strerror or error}", "check the path and its permissions")
