"""One Dockerfile through one step of the linter in a process of its own, its time and its memory measured.

Run as a script this is that process: it reads the file from standard input and prints what it took. `STEPS` are the
steps: a new one is one more line.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.fuzz.child import MOST_MEMORY, PATIENCE, Outcome, peak


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
    try:
        done = subprocess.run(
            [sys.executable, str(Path(__file__).resolve()), step],
            env={"PATH": os.defpath, "PYTHONHASHSEED": "0"},
            input=content,
            capture_output=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return Outcome(None, "", f"no end within {PATIENCE:g} s", PATIENCE, 0)
    took = json.loads(done.stdout or '{"seconds": -1, "megabytes": -1}')
    return Outcome(done.returncode, "", done.stderr.decode(errors="replace"), **took)


def _main() -> int:
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    STEPS[sys.argv[1]](content)
    print(json.dumps({"seconds": time.process_time(), "megabytes": peak()}))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
