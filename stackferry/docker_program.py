"""Replaces this process with the docker program, which keeps arguments, environment, streams and terminal.

Last step for a line that `handed_on.py` says is docker's. The user gets docker's output and exit code.
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
"""Holds the id of the process that became docker. If a file called docker starts stackferry, this ends the loop."""


def become_docker(line: Sequence[str], environment: Mapping[str, str], about: str) -> NoReturn:
    """Replace this process with docker; raises StackferryError, whose message begins with `about`."""
    program = find(environment.get("PATH", os.defpath), sys.argv[0])
    if program is None:
        raise StackferryError(f"{about}, and docker is not on the PATH", INSTALL)
    if environment.get(_MARK) in (str(os.getpid()), str(os.getppid())):
        raise StackferryError(
            f"{about}, and the docker command on the PATH, {program}, is stackferry itself",
            f"use an alias (alias docker=stackferry) instead of that file, or {INSTALL}",
        )
    flush()
    # Python ignores these signals, and a started program would inherit that.
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
    """The first docker program on a PATH that is not `own` (this program under another name); None if none exists."""
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
