"""Searches thousands of generated stacks, and keeps each new kind of difference as its smallest stack.

Finds are written as folders that are ready to become fixtures.
`report.py --generated N`, which is `make conformance`, runs this.
"""

import multiprocessing
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.conformance import ours, peer
from tests.conformance.case import ROOT, Case
from tests.conformance.compare import Difference, compare
from tests.conformance.reduce import reduce
from tests.conformance.stacks import Stack, stacks
from tests.conformance.survey import PROCESSES, Outcome, Side, examine, limit_memory

FOUND = ROOT / ".cache" / "conformance" / "found"

Finds = Mapping[str, tuple[Stack, Difference]]
"""The group of a difference → a stack that shows it."""


def search(cases: int, first_seed: int, side: Side = ours.run) -> tuple[list[Outcome], str]:
    """Try `cases` stacks in all processes and keep the finds; the outcomes, and where each kind of find lies."""
    shutil.rmtree(FOUND, ignore_errors=True)
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn"), initializer=limit_memory) as pool:
        shares = [(cases // PROCESSES, first_seed * PROCESSES + number, side) for number in range(PROCESSES)]
        results = list(pool.map(_share, shares))
        finds = sorted({group: find for _, found in results for group, find in found.items()}.items())
        jobs = [(stack, group, FOUND / f"{number:03}", side) for number, (group, (stack, _)) in enumerate(finds)]
        told = [
            f"\n{group}\n  {str(difference)[:600]}\n  in {folder.relative_to(ROOT)}\n"
            for (group, (_, difference)), folder in zip(finds, pool.map(_keep, jobs), strict=True)
        ]
    return [outcome for outcomes, _ in results for outcome in outcomes], "".join(told)


def _share(share: tuple[int, int, Side]) -> tuple[list[Outcome], Finds]:
    """One process's part of the search."""
    cases, number, side = share
    outcomes: list[Outcome] = []
    finds: dict[str, tuple[Stack, Difference]] = {}
    with tempfile.TemporaryDirectory(prefix="stackferry-") as scratch:

        @seed(number)
        @settings(
            max_examples=cases,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(stacks())
        def attempt(stack: Stack) -> None:
            outcome = examine(stack.case(Path(scratch)), side, peer.run)
            outcomes.append(outcome)
            for difference in outcome.differences:
                known = finds.setdefault(difference.group, (stack, difference))
                if stack.size < known[0].size:
                    finds[difference.group] = (stack, difference)

        attempt()
    return outcomes, finds


def _keep(job: tuple[Stack, str, Path, Side]) -> Path:
    return keep(*job)


def keep(stack: Stack, group: str, folder: Path, side: Side = ours.run) -> Path:
    """Write the smallest stack that shows the same group of differences, in the form of a fixture."""

    def shows(case: Case) -> bool:
        return any(one.group == group for one in compare(peer.run(case), side(case)))

    with tempfile.TemporaryDirectory(prefix="stackferry-") as scratch:
        case = stack.case(Path(scratch))
        if not reduce(case, shows, folder):
            stack.case(folder)
    return folder
