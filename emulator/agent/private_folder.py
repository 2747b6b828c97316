"""A folder that only the user may enter, in a place where others may create folders: in shared memory, in /tmp.

Each level is opened without following links, and checks apply to what was opened, never to its name: nobody can
replace it between check and use.
"""

import errno
import os
import pwd
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from stackferry.grammar.diagnostics import StackferryError

MODE = 0o700

_ATTEMPTS = 10
"""`down` may remove a folder as soon as it is created."""

_BASE = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
_LEVEL = _BASE | os.O_NOFOLLOW

_ELSEWHERE = "set XDG_RUNTIME_DIR to a folder that you own"


@contextmanager
def private_folder(base: Path, levels: Sequence[str], *, make: bool) -> Iterator[int]:
    """The folder `base`/level/level…, open as a `dir_fd`. All levels are ours, with mode 0700 whatever the umask.

    Raises StackferryError if a level is another user's, a link or no folder. Without `make` nothing is changed, and
    FileNotFoundError tells that the folder is missing.
    """
    folder = _patiently(base, levels, make=make)
    try:
        yield folder
    finally:
        os.close(folder)


def _patiently(base: Path, levels: Sequence[str], *, make: bool) -> int:
    for attempt in range(_ATTEMPTS):
        try:
            return _opened(base, levels, make=make)
        except FileNotFoundError as error:
            if not make:
                raise
            if attempt == _ATTEMPTS - 1:
                raise no_folder(base.joinpath(*levels), str(error.strerror)) from error
        except OSError as error:
            raise no_folder(base.joinpath(*levels), str(error.strerror)) from error
    raise AssertionError("the last attempt returns or raises")


def no_folder(path: Path, why: str) -> StackferryError:
    """The error that the folder cannot exist."""
    return StackferryError(f"cannot use the folder {path}: {why}", _ELSEWHERE)


def _opened(base: Path, levels: Sequence[str], *, make: bool) -> int:
    path, folder = base, os.open(base, _BASE)
    for name in levels:
        path /= name
        try:
            inner = _entered(folder, name, path, make=make)
        finally:
            os.close(folder)
        folder = inner
    return folder


def _entered(above: int, name: str, path: Path, *, make: bool) -> int:
    if make:
        # If it exists already, the next check finds out whose it is.
        with suppress(FileExistsError):
            os.mkdir(name, MODE, dir_fd=above)
    try:
        folder = os.open(name, _LEVEL, dir_fd=above)
    except OSError as error:
        if error.errno not in (errno.ENOTDIR, errno.ELOOP):
            raise
        raise _refusal(path, os.stat(name, dir_fd=above, follow_symlinks=False)) from None
    try:
        info = os.fstat(folder)
        if info.st_uid != os.geteuid():
            raise _refusal(path, info)
        if make and stat.S_IMODE(info.st_mode) != MODE:
            # The descriptor was opened without any permission on the folder: only its name in /proc accepts a mode.
            os.chmod(f"/proc/self/fd/{folder}", MODE)
    except BaseException:
        os.close(folder)
        raise
    return folder


def _refusal(path: Path, info: os.stat_result) -> StackferryError:
    kind = "a symbolic link" if stat.S_ISLNK(info.st_mode) else "a folder" if stat.S_ISDIR(info.st_mode) else "a file"
    return StackferryError(
        f"{path} is {kind} of {_user(info.st_uid)}, not a folder that you own: no secret may be stored there",
        f"remove it (as its owner or as root), or {_ELSEWHERE}",
    )


def _user(uid: int) -> str:
    try:
        return f"{pwd.getpwuid(uid).pw_name} (uid {uid})"
    except KeyError:
        return f"uid {uid}"
