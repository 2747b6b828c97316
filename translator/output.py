"""Manifests on disk: one file, or a folder with a file for each object. Never half of it.

What is new is written beside the target and renamed into place. A folder is replaced only if it is
ours: it holds our marker and nothing that the marker does not list.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from stackferry.grammar.diagnostics import StackferryError
from stackferry.translator.manifest.manifests import Manifest, render_json, render_yaml

MARKER = ".stackferry"
"""File that says that a folder is ours, with the names of all files in it, one a line."""


def file_name(one: Manifest, suffix: str = "yaml") -> str:
    """`web-deployment.yaml`; a Namespace comes first, since `kubectl apply -f DIR` goes by name."""
    prefix = "0-" if one.kind == "Namespace" else ""
    return f"{prefix}{one.name}-{one.kind.lower()}.{suffix}"


def write_folder(target: str | Path, manifests: Iterable[Manifest], form: str = "yaml") -> tuple[str, ...]:
    """Write one file per object into the folder `target`; gives their names.

    `form` is `yaml` or `json`. Raises StackferryError if the folder is not ours to replace or cannot
    be written; the folder is then as it was before.
    """
    folder = Path(os.path.realpath(target))
    render = render_json if form == "json" else render_yaml
    texts = {file_name(one, form): render((one,)) for one in manifests}
    _refuse_foreign(folder)
    _refuse_held(target, folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        _fill(temporary, texts)
        temporary.chmod(stat.S_IMODE(folder.stat().st_mode) if folder.exists() else _default_mode(0o777))
        _swap(temporary, folder)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return tuple(texts)


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
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise _cannot_write(target, error) from error


def _refuse_foreign(folder: Path) -> None:
    """Raise unless the folder is absent, empty or entirely ours."""
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        raise StackferryError(f"{folder} is a file, not a folder", "name another folder with -o")
    try:
        held = {entry.name for entry in os.scandir(folder)}
        ours = set((folder / MARKER).read_text(encoding="utf-8").splitlines()) | {MARKER} if MARKER in held else set()
    except OSError as error:
        raise _cannot_write(folder, error) from error
    foreign = sorted(held - ours)
    if foreign:
        raise StackferryError(
            f"{folder} holds {foreign[0]}, which stackferry did not write; nothing is changed",
            "name an empty or new folder with -o, or remove what is in it",
        )


def _refuse_held(target: str | Path, folder: Path) -> None:
    """Raise if the folder cannot be replaced as a whole, or if that would leave a shell in a folder that is gone."""
    here = Path(os.path.realpath(os.curdir))
    reason = (
        "is a mount point" if os.path.ismount(folder) else "is where you are" if here.is_relative_to(folder) else ""
    )
    if reason:
        raise StackferryError(
            f"{target} {reason}, and a folder is replaced as a whole; nothing is changed",
            f"name a folder below it: -o {os.path.join(target, 'manifests')}",
        )


def _fill(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in {**texts, MARKER: "".join(f"{name}\n" for name in sorted(texts))}.items():
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="\n")
        path.chmod(_default_mode(0o600 if "-secret." in name else 0o666))


def _swap(temporary: Path, folder: Path) -> None:
    """Put `temporary` in the place of `folder`; what was there goes away last."""
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
    """An existing file keeps its permissions; a new one with a Secret is for its owner only."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    return _default_mode(0o600 if secret else 0o666)


def _default_mode(wanted: int) -> int:
    umask = os.umask(0)
    os.umask(umask)
    return wanted & ~umask


def _cannot_write(target: str | Path, error: OSError) -> StackferryError:
    return StackferryError(f"cannot write {target}: {error.strerror or error}", "check the path and its permissions")
