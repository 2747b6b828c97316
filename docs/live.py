"""Live documents: the console blocks of a page are run, and their output replaced by what came out.

A block ```` ```yaml compose.yaml ```` is a file; a block ```` ```console ```` holds commands (`$ …`), each
followed by its output. Files last until the next heading, so every section of a page stands alone.
"""

import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
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
        commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
        return "```console\n" + "".join(f"$ {one}\n{_output(one, folder)}" for one in commands) + "```"
    if name:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    return match[0]


def _output(command: str, folder: Path) -> str:
    """What `command` prints, both streams, with this interpreter's stackferry and a bare environment."""
    ours = f'stackferry() {{ {shlex.quote(sys.executable)} -m stackferry "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-c", ours + command],
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
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command!r} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout
