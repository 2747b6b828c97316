"""The fuzzer's process: generates input, loads it in every way, keeps input that triggers a bug.

A bug is anything but success or a message: an exception of ours, more than `SECONDS` of CPU, more than
`MEGABYTES`. A crash or a hang of the process itself is seen by `run.py`, which starts this.
"""

import gc
import hashlib
import io
import json
import os
import random
import resource
import shutil
import sys
import time
import traceback
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.attacks import ATTACKS, Files
from tests.fuzz.child import MOST_MEMORY, forget_peak, peak, run
from tests.fuzz.inputs import LARGEST, stacks

SECONDS = 2.0
MEGABYTES = 300.0
WAYS = (
    ("config",),
    ("config", "--format", "json"),
    ("config", "--origins"),
    ("config", "--origins", "--format", "json"),
    ("config", "--no-interpolate"),
)
"""The command lines that an input is given to, one each."""


SHRINKING = 20.0
"""Seconds that making a find smaller may take."""


class _TimeOverError(KeyboardInterrupt):
    """The end of a round; hypothesis takes it for the user's wish and lets it through."""


@dataclass(slots=True)
class Tally:
    """What was seen so far; `finds` maps what is wrong to where it is kept."""

    cases: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0
    slowest: str = ""
    largest: str = ""
    finds: dict[str, str] = field(default_factory=dict)


class Search:
    """One search in a scratch folder: `shop` holds the input of the moment."""

    def __init__(self, scratch: Path, found: Path, limit: float = SECONDS) -> None:
        self.shop = scratch / "shop"
        self.found = found
        self.limit = limit
        self.tally = Tally()
        self.shop.mkdir(parents=True, exist_ok=True)
        os.chdir(self.shop)
        os.environ["XDG_STATE_HOME"] = str(scratch / "state")
        os.environ["HOME"] = str(scratch)

    def examine(self, files: Files, name: str = "", way: tuple[str, ...] = ()) -> str:
        """Load one input in one of the ways; what is wrong, or nothing."""
        write(self.shop, files)
        way = way or WAYS[sum(map(len, files.values())) % len(WAYS)]
        problem, seconds, megabytes = _measured(way)
        if seconds > self.limit or megabytes > MEGABYTES:
            # What counts is the command in a process of its own, on a machine that is not busy.
            runs = [run(self.shop, *way) for _ in range(3)]
            seconds, megabytes = min(one.seconds for one in runs), min(one.megabytes for one in runs)
        tally = self.tally
        tally.cases += 1
        what = f"{' '.join(way)} on {name or 'made up'}"
        if seconds > tally.seconds:
            tally.seconds, tally.slowest = seconds, what
        if megabytes > tally.megabytes:
            tally.megabytes, tally.largest = megabytes, what
        if not problem and seconds > self.limit:
            problem = f"slow: {seconds:.1f} s, {what}"
        if not problem and megabytes > MEGABYTES:
            problem = f"large: {megabytes:.0f} MB, {what}"
        return problem

    def keep(self, files: Files, problem: str) -> None:
        """Write a find as a folder that is ready to be a fixture."""
        folder = self.found / digest(files)
        folder.mkdir(parents=True, exist_ok=True)
        write(folder, files)
        self.tally.finds.setdefault(problem, str(folder))

    def attacks(self, size: int, first: int) -> None:
        """Every attack in one size and one way, which `first` shifts: as many rounds as ways try all."""
        for number, (name, make) in enumerate(ATTACKS.items(), first):
            files = make(size)
            problem = self.examine(files, f"{name}({size})", WAYS[number % len(WAYS)])
            if problem:
                self.tally.finds[problem] = f"attacks.{name}"

    def wander(self, seconds: float, first_seed: int, largest: int) -> None:
        """Made-up input until the time is over; a bug is made smaller before it is kept."""
        end = time.monotonic() + seconds
        number = first_seed
        while time.monotonic() < end:
            self._round(end, number, largest)
            number += 1

    def _round(self, end: float, number: int, largest: int) -> None:
        smallest: dict[str, Files] = {}
        limit = end

        @seed(number)
        @settings(
            max_examples=300,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        )
        @given(stacks(largest))
        def attempt(files: Files) -> None:
            nonlocal limit
            if time.monotonic() > limit:
                raise _TimeOverError
            problem = self.examine(files)
            if problem.startswith(("slow", "large")):
                self.keep(files, problem)
            elif problem and problem not in self.tally.finds:
                if not smallest:
                    limit = min(end, time.monotonic() + SHRINKING)
                smallest[problem] = min(files, smallest.get(problem, files), key=_length)
                raise AssertionError(problem)

        try:
            attempt()
        except* (AssertionError, _TimeOverError):
            pass
        for problem, files in smallest.items():
            self.keep(files, problem)


def _length(files: Files) -> int:
    return sum(map(len, files.values()))


def write(folder: Path, files: Files) -> None:
    """Make a folder hold these files and nothing else."""
    shutil.rmtree(folder, ignore_errors=True) if not folder.samefile(os.getcwd()) else _empty(folder)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def digest(files: Mapping[str, bytes]) -> str:
    """The name of a find."""
    return hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:10]


def _measured(way: tuple[str, ...]) -> tuple[str, float, float]:
    gc.collect()
    forget_peak()
    begun = time.process_time()
    problem = _run(way)
    return problem, time.process_time() - begun, peak()


def _run(way: tuple[str, ...]) -> str:
    """What is wrong with one run of the command, and with the model that it comes to; empty if nothing is."""
    from stackferry import errors
    from stackferry.cli import main
    from stackferry.grammar.compose.load import Request, load
    from stackferry.grammar.compose.model.text import describe
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.grammar.files import Disk

    seen: list[BaseException] = []
    told = errors._bug
    errors._bug = lambda session, error: seen.append(error) or ("bug", "")  # type: ignore[assignment,func-returns-value]
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    try:
        with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
            code = main(way)
            if code == 0 and random.random() < 0.3:
                loaded = load(Request(), files=Disk(), environment=dict(os.environ))
                describe(loaded.project)
    except StackferryError:
        return ""
    except Exception as error:  # noqa: BLE001 - whatever comes is a find
        return _signature(error)
    finally:
        errors._bug = told
        gc.enable()
    return _signature(seen[0]) if seen else "" if code in (0, 1) else f"exit code {code}"


def _signature(error: BaseException) -> str:
    """The kind of an exception and the place of ours that it comes from."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/site-packages/" not in frame.filename] or frames
    where = f"{Path(ours[-1].filename).name}:{ours[-1].name}" if ours else "?"
    return f"{type(error).__name__} in {where}: {str(error)[:80]}"


def main() -> int:
    """`search.py SCRATCH FOUND SECONDS SEED LARGEST ATTACKS MERCY`: prints the tally as JSON."""
    scratch, found, seconds, number, largest, with_attacks, mercy = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    search = Search(Path(scratch), Path(found), SECONDS * float(mercy))
    begun = time.monotonic()
    if with_attacks == "yes":
        search.attacks(int(largest), int(number))
    search.wander(float(seconds) - (time.monotonic() - begun), int(number), min(int(largest), LARGEST))
    tally = search.tally
    print(json.dumps({name: getattr(tally, name) for name in Tally.__slots__}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
