"""`stackferry config` against `docker compose config`: time, memory and growth, as ratios in one run."""

import argparse
import math
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.measure import ROOT, Command, Measurement, compete, environment, ours, peer
from benchmarks.stack import compose_file

SIZES = (100, 1000, 3000)
SMALL = "services:\n  web:\n    image: nginx\n    ports:\n      - 80:80\n"


@dataclass(frozen=True, slots=True)
class Result:
    """One file measured on both sides; `services` is 0 for a file that was not generated."""

    name: str
    services: int
    ours: Measurement
    peer: Measurement


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the options, measure, print."""
    parser = argparse.ArgumentParser(prog="config.py", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=list(SIZES), metavar="N", help="services per made-up file"
    )
    parser.add_argument("--repeats", type=int, default=10, metavar="N", help="runs of the small files (default 10)")
    parser.add_argument("--format", choices=["yaml", "json"], default="yaml", help="what both sides print")
    options = parser.parse_args(arguments)

    sides = f"{'ours':>9} {'peer':>9} {'ratio':>6}"
    print(f"{'config of':16} {sides}   {sides}   per service, ours")
    results = []
    with tempfile.TemporaryDirectory(prefix="stackferry-") as scratch:
        for name, services, file in _files(Path(scratch), options.sizes):
            repeats = max(2, options.repeats // (1 + services // 200))
            result = Result(name, services, *_race(file, options.format, repeats))
            results.append(result)
            print(_line(result), flush=True)
    print(_growth([one for one in results if one.services]))
    return 0


def _files(scratch: Path, sizes: Sequence[int]) -> list[tuple[str, int, Path]]:
    """(name, services, path): a file of five lines, the demo, the generated files."""
    small = scratch / "small" / "compose.yaml"
    files = [("5 lines", 0, small, SMALL)]
    files += [(f"{size} services", size, scratch / str(size) / "compose.yaml", compose_file(size)) for size in sizes]
    for _, _, path, text in files:
        path.parent.mkdir()
        path.write_text(text)
    demo = ROOT / "fixtures" / "demo" / "compose.yaml"
    return [
        ("5 lines", 0, small),
        *([("the demo", 0, demo)] if demo.exists() else []),
        *((name, services, path) for name, services, path, _ in files[1:]),
    ]


def _race(file: Path, form: str, repeats: int) -> tuple[Measurement, Measurement]:
    """Measure both sides on one file, ours first."""
    words = ["-f", file.name, "config", "--format", form]
    own = ["config", "-f", file.name, "--format", form]
    directory = str(file.parent)
    seen = environment(directory)
    first, second = compete(
        [Command([*ours(), *own], directory, seen), Command([*peer(), *words], directory, seen)], repeats
    )
    return first, second


def _line(result: Result) -> str:
    wall, peak = result.ours.wall / result.peer.wall, result.ours.peak / result.peer.peak
    each = f"{result.ours.wall / result.services * 1000:.2f} ms" if result.services else ""
    return (
        f"{result.name:16} {result.ours.wall:8.3f}s {result.peer.wall:8.3f}s {wall:5.2f}x   "
        f"{result.ours.peak / 1e6:7.1f}MB {result.peer.peak / 1e6:7.1f}MB {peak:5.2f}x   {each:>10}"
    )


def _growth(results: Sequence[Result]) -> str:
    """The growth of time between the two largest generated files, where startup is negligible: 1 is linear."""
    if len(results) < 2:
        return ""
    first, last = results[-2:]

    def exponent(begin: float, end: float) -> float:
        return math.log(end / begin) / math.log(last.services / first.services)

    own = exponent(first.ours.wall, last.ours.wall)
    theirs = exponent(first.peer.wall, last.peer.wall)
    growth = f"ours n^{own:.2f}, peer n^{theirs:.2f} (1 is linear)"
    return f"growth from {first.services} to {last.services} services: {growth}"


if __name__ == "__main__":
    sys.exit(main())
