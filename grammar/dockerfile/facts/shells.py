"""The shell of a RUN: set by SHELL, inherited from a stage, named by a heredoc, or the base image's default."""

from itertools import pairwise
from typing import NamedTuple

_DIALECTS = {
    "sh": "sh",
    "ash": "ash",
    "dash": "dash",
    "bash": "bash",
    "rbash": "bash",
    "ksh": "ksh",
    "mksh": "ksh",
    "zsh": "zsh",
    "busybox": "ash",
    "cmd": "cmd",
    "powershell": "powershell",
    "pwsh": "powershell",
}
POSIX = frozenset(("sh", "ash", "dash", "bash", "ksh", "zsh"))
"""Dialects that are parsed as shell scripts."""


class Shell(NamedTuple):
    """A shell's words (`/bin/bash -o pipefail -c`) and its dialect. `given`: set by a SHELL instruction.

    The dialect is sh, ash, dash, bash, ksh, zsh, cmd or powershell; empty for another interpreter.
    """

    words: tuple[str, ...]
    dialect: str
    given: bool = False

    @property
    def posix(self) -> bool:
        """Whether its input is parsed as a shell script."""
        return self.dialect in POSIX

    @property
    def pipefail(self) -> bool:
        """Whether it is started with `-o pipefail`."""
        words = self.words[1:]
        return any(
            word.startswith("-") and not word.startswith("--") and word.endswith("o") and following == "pipefail"
            for word, following in pairwise(words)
        )


def program(path: str) -> str:
    """The name of a program without path and suffix: `/bin/bash` is bash, `powershell.exe` is powershell."""
    name = path.replace("\\", "/").rsplit("/", 1)[-1].lower()
    return name.removesuffix(".exe")


def dialect(path: str) -> str:
    """The dialect of a program, empty if it is not a shell."""
    return _DIALECTS.get(program(path), "")


def shell_of(words: tuple[str, ...]) -> Shell:
    """The shell that SHELL sets, also in `env bash` and `busybox sh`."""
    rest = words
    while len(rest) > 1 and program(rest[0]) in ("env", "busybox", "sudo"):
        rest = rest[1:]
    return Shell(words, dialect(rest[0]) if rest else "", True)


LINUX = Shell(("/bin/sh", "-c"), "sh")
BUSYBOX = Shell(("/bin/sh", "-c"), "ash")
WINDOWS = Shell(("cmd", "/S", "/C"), "cmd")


def interpreter(shebang: str) -> str:
    """The program in a script's shebang: `#!/usr/bin/env bash -e` is bash; empty if there is none."""
    if not shebang.startswith("#!"):
        return ""
    words = shebang[2:].split()
    if words and program(words[0]) == "env":
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return program(words[0]) if words else ""
