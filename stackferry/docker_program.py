"""The docker program in our place: the same arguments, environment, streams, terminal and process.

Last step of a line that `handed_on.py` says is docker's. What docker prints and its exit code are the line's.
"""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from stackferry.display.output import flush
from stackferry.grammar.diagnostics import StackferryError

INSTALL = "install the package docker-ce-cli (from Docker) or docker.io (from Debian or Ubuntu)"
_MARK = "STACKFERRY_HANDED_ON"
"""The process that became docker. Where it is us again, a file called docker leads back here, and would for ever."""


def become_docker(line: Sequence[str], environment: Mapping[str, str], about: str) -> NoReturn:
    """Run docker with this line in place of this process; raises StackferryError, which begins with `about`."""
    program = find(environment.get("PATH", os.defpath), sys.argv[0])
    if program is None:
        raise StackferryError(f"{about}, and docker is not on the PATH", INSTALL)
    if environment.get(_MARK) in (str(os.getpid()), str(os.getppid())):
        raise StackferryError(
            f"{about}, and the docker command on the PATH, {program}, is stackferry itself",
            f"use an alias (alias docker=stackferry) instead of that file, or {INSTALL}",
        )
    flush()
    # Python has these ignored; whoever is started would find them so.
    ignored = [getattr(signal, name) for name in ("SIGPIPE", "SIGXFSZ")]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execve(program, ["docker", *line], {**environment, _MARK: str(os.getpid())})  # noqa: S606
    except OSError as error:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)
        raise StackferryError(f"{about}, and {program} cannot be started: {error.strerror}", INSTALL) from error


def find(path: str, own: str) -> str | None:
    """The first docker program of a PATH that is not `own`, this program under another name; None if there is none."""
    for folder in path.split(os.pathsep):
        program = os.path.join(folder or os.curdir, "docker")
        if os.access(program, os.X_OK) and not os.path.isdir(program) and not _same(program, own):
            return program
    return None


def _same(program: str, own: str) -> bool:
    try:
        return os.path.samefile(program, own)
    except OSError:
        return False
