"""Runs one Dockerfile through one step of the linter in its own process, and measures time and memory.

    .venv/bin/python tests/fuzz/dockerfiles.py            what a megabyte of each attack costs, the dearest first
    .venv/bin/python tests/fuzz/dockerfiles.py lint       the process itself: reads a file from standard input

`STEPS` are the steps: a new one is one more line.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.dockerfiles.hostile import ATTACKS
from tests.fuzz.child import MOST_MEMORY, Outcome, ended, peak, used

MEGABYTE = 1_000_000


def _parse(content: bytes) -> int:
    """Text to tree; the number of its instructions."""
    from stackferry.grammar.dockerfile.parse import parse
    from stackferry.grammar.dockerfile.source import Source, decoded

    return len(parse(Source(decoded(content))).instructions)


def _lint(content: bytes) -> int:
    """Text to findings of all rules; their number. A rule that fails fails the step."""
    from stackferry.grammar.dockerfile.source import Source, decoded
    from stackferry.grammar.lint.config.config import Config
    from stackferry.grammar.lint.lint import lint

    report = lint(Source(decoded(content)), Config(set="all"))
    if report.failed:
        raise AssertionError("; ".join(report.failed))
    return len(report.findings)


STEPS: Mapping[str, Callable[[bytes], int]] = {"parse": _parse, "lint": _lint}


def run(step: str, content: bytes) -> Outcome:
    """How a step ends with a file."""
    before = used()
    script = [sys.executable, str(Path(__file__).resolve()), step]
    environment = {"PATH": os.defpath, "PYTHONHASHSEED": "0"}
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(script, env=environment, **pipes) as process:
        code, out, err = ended(process, content)
    return Outcome(code, "", err.decode(errors="replace"), used() - before, float(out or -1))


def _costs() -> None:
    outcomes = {(step, attack): run(step, ATTACKS[attack](MEGABYTE)) for attack in ATTACKS for step in STEPS}
    for (step, attack), outcome in sorted(outcomes.items(), key=lambda item: -item[1].seconds):
        ending = "" if outcome.code == 0 else f"  ended with {outcome.code}: {outcome.err.strip().splitlines()[-1:]}"
        print(f"{outcome.seconds:7.2f} s {outcome.megabytes:6.0f} MB  {step:6} {attack}{ending}")


def _main(words: list[str]) -> int:
    if not words:
        _costs()
        return 0
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    STEPS[words[0]](content)
    print(peak())
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
