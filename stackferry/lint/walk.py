"""Finds the Dockerfiles in a folder by name, without files that git ignores, but with hidden folders.

In sorted order. Links to folders are not followed: their targets are below the same folder anyway, or elsewhere. A
link to a file is included if its target is below the same folder.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

from stackferry.lint.gitignore import IgnoreFile, ignored
from stackferry.lint.names import is_dockerfile, looks_like_dockerfile, why_not

_GIT = ".git"


class Found(NamedTuple):
    """A Dockerfile in a folder, a `skipped` file whose name resembles a Dockerfile's, or an unreadable folder.

    `path` begins with the folder as it was given. `skipped` and `failure` have the reason.
    """

    path: str
    skipped: str = ""
    failure: str = ""


class _Folder(NamedTuple):
    shown: str
    full: str
    rules: tuple[IgnoreFile, ...]


def dockerfiles_below(folder: str, cwd: str) -> Iterator[Found]:
    """The Dockerfiles of a folder, in sorted order, even if git ignores the folder itself."""
    shown = "" if folder.rstrip("/") in (".", "") and not folder.startswith("/") else folder.rstrip("/") or "/"
    full = os.path.normpath(os.path.join(cwd, folder))
    real = os.path.realpath(full)
    # A stack: the next item is the last.
    waiting: list[_Folder | Found] = [_Folder(shown, full, _rules_above(full))]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Found):
            yield item
        else:
            waiting += reversed([*_contents(item, real)])


def _contents(folder: _Folder, top: str) -> Iterator[_Folder | Found]:
    try:
        with os.scandir(folder.full) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        yield Found(folder.shown or ".", failure=error.strerror or str(error))
        return
    names = {entry.name: entry for entry in entries}
    rules = folder.rules
    if _GIT in names:
        # Another repository: rules above it do not apply to it.
        rules = _own_rules(folder.full, exclude=True)
    elif ".gitignore" in names:
        rules = (*rules, *_own_rules(folder.full, exclude=False))
    for entry in entries:
        if entry.name == _GIT:
            continue
        full, shown = os.path.join(folder.full, entry.name), os.path.join(folder.shown, entry.name)
        is_folder = entry.is_dir(follow_symlinks=False)
        if not is_folder and not looks_like_dockerfile(entry.name):
            continue
        if ignored(full, rules, is_folder=is_folder):
            continue
        if is_folder:
            yield _Folder(shown, full, rules)
        elif _is_file_below(entry, top):
            if is_dockerfile(entry.name):
                yield Found(shown)
            elif reason := why_not(entry.name):
                yield Found(shown, skipped=reason)


def _is_file_below(entry: "os.DirEntry[str]", top: str) -> bool:
    if entry.is_symlink():
        real = os.path.realpath(entry.path)
        return os.path.isfile(real) and real.startswith(top.rstrip("/") + "/")
    return entry.is_file()


def _rules_above(folder: str) -> tuple[IgnoreFile, ...]:
    """The rules of the folder's repository, from its root to just above the folder; empty outside a repository."""
    above = [folder]
    while not os.path.lexists(os.path.join(above[-1], _GIT)):
        parent = os.path.dirname(above[-1])
        if parent == above[-1]:
            return ()
        above.append(parent)
    rules: tuple[IgnoreFile, ...] = ()
    for path in reversed(above[1:]):
        rules += _own_rules(path, exclude=path == above[-1])
    return rules


def _own_rules(folder: str, *, exclude: bool) -> tuple[IgnoreFile, ...]:
    """The rules of a folder's .gitignore; at a repository's root after those of its `.git/info/exclude`."""
    paths = [os.path.join(folder, ".gitignore")]
    if exclude:
        paths.insert(0, os.path.join(_common_folder(os.path.join(folder, _GIT)), "info", "exclude"))
    return tuple(IgnoreFile(folder, content) for path in paths if (content := _content(path)))


def _common_folder(git: str) -> str:
    """Git's folder for data common to all work trees; `.git` is a file in all work trees but the first."""
    folder = (
        os.path.join(os.path.dirname(git), _line(git).removeprefix("gitdir:").strip()) if os.path.isfile(git) else git
    )
    common = _line(os.path.join(folder, "commondir"))
    return os.path.join(folder, common) if common else folder


def _line(path: str) -> str:
    """The only line of one of git's files."""
    return os.fsdecode(_content(path)).strip()


def _content(path: str) -> bytes:
    """The bytes of a file; empty if it cannot be read or is a link, which git does not follow here either."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as stream:
            return stream.read()
    except OSError:
        return b""
