"""What starting costs: the interpreter, the imports of `config`, a file of five lines; and the peer beside it.

Where an engine answers, also what the commands cost that are typed most: `ps`, and an `up -d` that changes nothing, of
a stack of two tasks, with the standby process that its manager keeps, and without. The peer is PyPI's docker compose
2.40.3.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import pytest

from benchmarks.config import SMALL
from benchmarks.measure import ROOT, Command, compete, environment, once, ours, peer
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.grammar.diagnostics import StackferryError
from stackferry.standby.message import address
from tests.engine.image import import_busybox

_IMPORT = re.compile(r"import time:\s*(\d+) \|\s*(\d+) \| (\s*)(\S+)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the options, measure, print."""
    parser = argparse.ArgumentParser(prog="startup.py", description=__doc__)
    parser.add_argument("--repeats", type=int, default=15, metavar="N", help="runs of each command (default 15)")
    parser.add_argument("--modules", type=int, default=12, metavar="N", help="list the N dearest imports (default 12)")
    options = parser.parse_args(arguments)

    with tempfile.TemporaryDirectory(prefix="stackferry-") as scratch:
        Path(scratch, "compose.yaml").write_text(SMALL)
        seen = {**environment(scratch), "PYTHONPATH": str(ROOT)}
        rows = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "import the loader": [sys.executable, "-c", "import stackferry.grammar.compose.load"],
            "stackferry --version": [*ours(), "--version"],
            "stackferry config": [*ours(), "config"],
            "docker compose version": [*peer(), "version"],
            "docker compose config": [*peer(), "config"],
        }
        measured = compete([Command(words, scratch, seen) for words in rows.values()], options.repeats)
        print(f"{'':24} {'wall':>8} {'CPU':>8} {'memory':>9}")
        for name, best in zip(rows, measured, strict=True):
            print(f"{name:24} {best.wall * 1000:6.0f}ms {best.cpu * 1000:6.0f}ms {best.peak / 1e6:7.1f}MB")
        config, theirs = measured[3], measured[5]
        wall, peak = config.wall / theirs.wall, config.peak / theirs.peak
        print(f"\nconfig of five lines: {wall:.2f}x the peer's time, {peak:.2f}x its memory")
        _typed_most(scratch)
        print("\nthe dearest imports of `stackferry config`, their own part in ms")
        for own, name in _imports(scratch, seen)[: options.modules]:
            print(f"{own / 1000:8.1f}  {name}")
    return 0


GOALS = {"ps": 1.5, "up -d": 2.5, "config": 2.2}
"""Limits of wall time, as ratios to the peer's in the same run."""

STACK = """\
services:
  web:
    image: {image}
    command: ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done"]
    deploy: {{replicas: 2}}
"""


def _typed_most(scratch: str, repeats: int = 10) -> None:
    """Measure both programs, each on its own running stack."""
    engine = DockerEngine()
    try:
        image = import_busybox(engine)
    except (StackferryError, pytest.skip.Exception) as error:
        print(f"\nno stack was run: {error}")
        return
    folder = Path(scratch, "typed")
    folder.mkdir()
    (folder / "compose.yaml").write_text(STACK.format(image=image))
    seen = {**environment(scratch), "HOME": scratch, "XDG_STATE_HOME": scratch, "XDG_RUNTIME_DIR": scratch}
    sides = {"stackferry": [*ours(), "-p", "sftyped"], "docker compose": [*peer(), "-p", "sftypedpeer"]}
    try:
        for words in sides.values():
            once(Command([*words, "up", "-d"], str(folder), seen))
        _await_standby(seen)
        names = ("stackferry", "without standby", "docker compose")
        print(f"\n{'':10}" + "".join(f"{name:>24}" for name in names) + "   (wall, CPU)")
        for what, goal in GOALS.items():
            mine, theirs = ([*words, *what.split()] for words in sides.values())
            alone = Command(mine, str(folder), {**seen, "STACKFERRY_STANDBY": "off"})
            best = compete([Command(mine, str(folder), seen), alone, Command(theirs, str(folder), seen)], repeats)
            row = "".join(f"{one.wall * 1000:15.0f}ms {one.cpu * 1000:4.0f}ms" for one in best)
            ratio, without = best[0].wall / best[2].wall, best[1].wall / best[2].wall
            verdict = "held" if ratio <= goal else "SHORT"
            print(f"{what:10}{row}   {ratio:.2f}x, goal {goal}x: {verdict}; without standby {without:.2f}x")
    finally:
        for words in sides.values():
            once(Command([*words, "down", "-t", "0"], str(folder), seen))
        engine.close()


def _await_standby(seen: dict[str, str], seconds: float = 120.0) -> None:
    """Wait for the standby process, which a manager starts some seconds after its own start."""
    deadline = time.monotonic() + seconds
    while not Path(address(seen)).is_socket():
        if time.monotonic() > deadline:
            raise TimeoutError(f"no standby process within {seconds:.0f} s")
        time.sleep(0.1)


def _imports(directory: str, seen: dict[str, str]) -> list[tuple[int, str]]:
    """(microseconds spent in the module itself, module), slowest first."""
    words = [sys.executable, "-X", "importtime", "-m", "stackferry", "config", "-q"]
    done = subprocess.run(words, cwd=directory, env=seen, capture_output=True, text=True, check=False)
    found = [(int(own), name) for own, _, _, name in _IMPORT.findall(done.stderr)]
    return sorted(found, reverse=True)


if __name__ == "__main__":
    sys.exit(main())
