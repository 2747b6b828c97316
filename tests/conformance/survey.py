"""Many cases → one survey: how many agree, and where the others differ, worst key path first.

The report and the tests both read it; nothing here prints.
"""

import multiprocessing
import resource
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from tests.conformance import ours, peer
from tests.conformance.answer import Answer, Verdict
from tests.conformance.case import Case
from tests.conformance.compare import VERDICT, Difference, compare
from tests.conformance.known import known

PROCESSES = 2
MEMORY = 4 * 1024**3
"""Address space of a worker, in bytes: a runaway load must become an answer, not a dead machine."""

REPEATS = 3
"""How often the peer is asked again before a difference counts: some of its answers depend on chance."""

Side = Callable[[Case], Answer]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case after both have answered. `differences` holds what is neither equal nor known."""

    case: Case
    peer: Verdict
    ours: Verdict
    differences: tuple[Difference, ...] = ()
    excused: tuple[Difference, ...] = ()
    unstable: bool = False

    @property
    def same_verdict(self) -> bool:
        """Whether both accept or both refuse, known differences aside."""
        return not any(one.path == VERDICT for one in self.differences)

    @property
    def same(self) -> bool:
        """Whether verdict and document are the same, known differences aside."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the cases of one kind."""

    kind: str
    cases: int
    same_verdict: int
    accepted: int
    same_json: int

    @property
    def verdict_share(self) -> float:
        """Share of all cases with the same verdict, 0 to 1."""
        return self.same_verdict / self.cases if self.cases else 1.0

    @property
    def json_share(self) -> float:
        """Share of the cases that the peer accepts in which both mean the same, 0 to 1."""
        return self.same_json / self.accepted if self.accepted else 1.0


def examine(case: Case, side: Side = ours.run, ask: Side = peer.ask, again: Side = peer.run) -> Outcome:
    """Ask both; a peer that answers differently when asked again may agree with us any of the times."""
    theirs, own = ask(case), side(case)
    found = compare(theirs, own)
    unstable = False
    for _ in range(REPEATS if found and not all(map(known, found)) else 0):
        repeated = again(case)
        if compare(theirs, repeated):
            unstable = True
            found = min(found, compare(repeated, own), key=len)
    return Outcome(
        case,
        theirs.verdict,
        own.verdict,
        tuple(one for one in found if not known(one)),
        tuple(one for one in found if known(one)),
        unstable,
    )


def survey(cases: Iterable[Case], side: Side = ours.run, processes: int = PROCESSES) -> list[Outcome]:
    """The outcomes of all cases, in their order."""
    questions = list(cases)
    if processes < 2:
        return [examine(case, side) for case in questions]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=limit_memory) as pool:
        return list(pool.map(examine, questions, [side] * len(questions), chunksize=8))


def limit_memory() -> None:
    """Give this process MEMORY and no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def rows(outcomes: Iterable[Outcome]) -> list[Row]:
    """The table: a row per kind of case and one for all, in the order in which the kinds appear."""
    kinds: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        kinds.setdefault(outcome.case.kind, []).append(outcome)
    table = [_row(kind, members) for kind, members in kinds.items()]
    return [*table, _row("all", [one for members in kinds.values() for one in members])]


def _row(kind: str, outcomes: list[Outcome]) -> Row:
    accepted = [one for one in outcomes if one.peer is Verdict.ACCEPTED]
    return Row(
        kind,
        len(outcomes),
        sum(one.same_verdict for one in outcomes),
        len(accepted),
        sum(one.same for one in accepted),
    )


def by_path(outcomes: Iterable[Outcome]) -> list[tuple[str, list[tuple[Outcome, Difference]]]]:
    """Every group of differences with where it occurs, the one that spoils most cases first."""
    groups: dict[str, list[tuple[Outcome, Difference]]] = defaultdict(list)
    for outcome in outcomes:
        for difference in outcome.differences:
            groups[difference.group].append((outcome, difference))
    return sorted(groups.items(), key=lambda group: (-len({outcome.case.name for outcome, _ in group[1]}), group[0]))
