"""`stackferry convert` against `docker compose config` of the same file: CPU, memory and growth.

There is no peer that converts as much; reading and printing the file is the least that anybody has to do with it.
"""

import argparse
import math
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.measure import Command, Measurement, compete, environment, ours, peer
from benchmarks.stack import compose_file

SIZES = (100, 1000, 3000, 10000)
PART = 2500
"""Most services in one file: a file with more than 100,000 values is refused."""
ALONE = 3000
"""Most services for the peer: `config.py` measures its growth."""


@dataclass(frozen=True, slots=True)
class Result:
    """The measurements for one size: ours, and the peer's if it was run."""

    services: int
    ours: Measurement
    peer: Measurement | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the options, measure, print."""
    parser = argparse.ArgumentParser(prog="convert.py", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES), metavar="N", help="services per file")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="runs of the small files (default 5)")
    parser.add_argument("--options", nargs="*", default=[], metavar="WORD", help="options of convert, without dashes")
    options = parser.parse_args(arguments)

    sides = f"{'ours':>9} {'peer':>9} {'ratio':>6}"
    print(f"{'convert of':16} {'CPU: ' + sides.strip():>28}   {sides}   per service, ours")
    results = []
    with tempfile.TemporaryDirectory(prefix="stackferry-") as scratch:
        for size in options.sizes:
            folder = Path(scratch, str(size))
            folder.mkdir()
            for begin in range(0, size, PART):
                (folder / f"{begin:05}.yaml").write_text(compose_file(min(size, begin + PART), begin))
            repeats = max(1, options.repeats // (1 + size // 500))
            result = _race(size, folder, [f"--{word}" for word in options.options], repeats)
            results.append(result)
            print(_line(result), flush=True)
    print(_growth(results))
    return 0


def _race(services: int, folder: Path, words: Sequence[str], repeats: int) -> Result:
    directory = str(folder)
    files = [word for path in sorted(folder.iterdir()) for word in ("-f", path.name)]
    seen = environment(directory)
    commands = [Command([*ours(), *files, "convert", *words], directory, seen)]
    if services <= ALONE:
        commands.append(Command([*peer(), *files, "config"], directory, seen))
    own, *theirs = compete(commands, repeats)
    return Result(services, own, theirs[0] if theirs else None)


def _line(result: Result) -> str:
    own, theirs = result.ours, result.peer
    cpu, peak = f"{own.cpu:8.3f}s", f"{own.peak / 1e6:7.1f}MB"
    if theirs is None:
        cpu, peak = f"{cpu} {'-':>9} {'-':>6}", f"{peak} {'-':>9} {'-':>6}"
    else:
        cpu = f"{cpu} {theirs.cpu:8.3f}s {own.cpu / theirs.cpu:5.2f}x"
        peak = f"{peak} {theirs.peak / 1e6:7.1f}MB {own.peak / theirs.peak:5.2f}x"
    return f"{f'{result.services} services':16} {cpu}   {peak}   {own.cpu / result.services * 1000:7.2f} ms"


def _growth(results: Sequence[Result]) -> str:
    """The growth of CPU and memory between the two largest files, where startup is negligible: 1 is linear."""
    if len(results) < 2:
        return ""
    first, last = results[-2:]
    steps = math.log(last.services / first.services)
    cpu = math.log(last.ours.cpu / first.ours.cpu) / steps
    peak = math.log(last.ours.peak / first.ours.peak) / steps
    return (
        f"growth from {first.services} to {last.services} services: CPU n^{cpu:.2f}, memory n^{peak:.2f} (1 is linear)"
    )


if __name__ == "__main__":
    sys.exit(main())
