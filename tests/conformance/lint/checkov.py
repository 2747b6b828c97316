"""The real Checkov (PyPI), with answers cached by file content: the reference for our security set.

It pins some ninety dependencies, so it has its own environment outside the tree. `make checkov` creates that once;
without it one line says so, and tests that need it are skipped.
"""

import fcntl
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[3])

from stackferry.grammar.lint.rules.security import RULES
from tests import cache
from tests.conformance.lint.found import Found

VERSION = "3.3.30"
ALIASES: Mapping[str, str] = {alias: rule.id for rule in RULES for alias in rule.aliases}
"""Our rules by the ids that Checkov has for them."""

BATCH = 400
PATIENCE = 900.0
"""Seconds for a batch, or for the installation: starting takes 4 s, a file some hundredths."""


class UnavailableError(Exception):
    """Checkov is not installed on this machine; the message is one line."""


def home() -> Path:
    """The folder of its environment, which need not exist."""
    return cache.folder() / f"checkov-{VERSION}-py{sys.version_info[0]}{sys.version_info[1]}"


@functools.cache
def program() -> Path:
    """The path of the program. Raises `UnavailableError`."""
    path = home() / "bin" / "checkov"
    if not path.exists():
        raise UnavailableError(f"no Checkov {VERSION}: run `make checkov` (tests/conformance/lint/checkov.py)")
    return path


def install() -> Path:
    """Make the environment if need be. Raises `UnavailableError` where pip cannot get it."""
    folder = home()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.parent / "checkov.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "bin" / "checkov").exists():
            # Scripts name their interpreter by its path, so it is made in place; pip writes `checkov` last of all.
            venv.create(folder, clear=True, with_pip=True)
            pip = [folder / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            done = subprocess.run(
                [*pip, f"checkov=={VERSION}"], capture_output=True, text=True, timeout=PATIENCE, check=False
            )
            if done.returncode:
                shutil.rmtree(folder)
                last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
                raise UnavailableError(f"no Checkov {VERSION}: pip failed: {last}")
    return program()


def check(contents: Iterable[bytes]) -> list[tuple[Found, ...]]:
    """The findings in the texts of Dockerfiles, in their order, under the ids of our rules. Raises `UnavailableError`.

    A file that Checkov cannot read has none.
    """
    program()
    texts = list(contents)
    kept = {text: _path(text) for text in texts}
    unknown = [text for text, path in kept.items() if not path.exists()]
    for at in range(0, len(unknown), BATCH):
        batch = unknown[at : at + BATCH]
        for text, answer in zip(batch, _ask(batch), strict=True):
            cache.write(kept[text], json.dumps(answer))
    return [tuple(_found(text, json.loads(kept[text].read_text(encoding="utf-8")))) for text in texts]


def _path(text: bytes) -> Path:
    key = hashlib.sha256(f"{VERSION}\0{','.join(sorted(ALIASES))}\0".encode() + text).hexdigest()
    return cache.folder() / "checkov" / key[:2] / f"{key}.json"


def _ask(texts: Sequence[bytes]) -> list[list[tuple[str, int, str]]]:
    """By file: id, number of the line in the text that it makes, from 0, and title."""
    with tempfile.TemporaryDirectory(prefix="stackferry-") as scratch:
        names = [f"Dockerfile.{number:04}" for number in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            Path(scratch, name).write_bytes(text)
        words = [program(), "-d", scratch, "--framework", "dockerfile", "--check", ",".join(ALIASES)]
        words += ["--skip-download", "--quiet", "--compact", "--soft-fail", "--output", "json"]
        done = subprocess.run(
            words,
            cwd=scratch,
            env={"HOME": scratch, "LANG": "C.UTF-8", "PATH": os.defpath, "LOG_LEVEL": "ERROR"},
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    answer: Mapping[str, Any] = json.loads(done.stdout)
    by_name: dict[str, list[tuple[str, int, str]]] = {name: [] for name in names}
    for failed_check in answer.get("results", {}).get("failed_checks", ()):
        name = failed_check["file_path"].lstrip("/")
        by_name[name].append(
            (failed_check["check_id"], failed_check["file_line_range"][0] - 1, failed_check["check_name"])
        )
    return [by_name[name] for name in names]


def _found(text: bytes, answer: Iterable[Sequence[Any]]) -> Iterator[Found]:
    lines = _lines(text.decode(errors="replace"))
    for identifier, at, title in answer:
        yield Found(ALIASES[identifier], lines[at] if at < len(lines) else 0, "warning", title)


def _lines(text: str) -> list[int]:
    """The lines of the text that Checkov makes of a file, as lines of the file: `RUN <<EOF` becomes one line."""
    lines, opened = [], 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip().startswith("RUN <<EOF"):
            opened = number
        elif opened and line.strip() == "EOF":
            lines.append(opened)
            opened = 0
        elif not opened:
            lines.append(number)
    return lines


if __name__ == "__main__":
    try:
        print(install())
    except UnavailableError as reason:
        print(reason, file=sys.stderr)
        sys.exit(2)
