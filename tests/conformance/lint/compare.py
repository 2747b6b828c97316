"""Matches two linters' findings in one file: the same rule in the same instruction is the same finding.

Comparing lines would be too strict (hadolint reports the first line of an instruction, we the exact line), so findings
are compared by instruction; BuildKit's parser gives the lines of each.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from tests.conformance.lint.found import Found
from tests.conformance.lint.known import ONLY_THEY, ONLY_WE, Known, Where, known


class Place(NamedTuple):
    """An instruction: its first line, and its text with continuations joined. Of a stray line, the line and no text."""

    line: int
    text: str


class Difference(NamedTuple):
    """A finding that only one side has. `known` is the entry that explains it, if any."""

    file: str
    side: str
    found: Found
    known: Known | None

    def __str__(self) -> str:
        return f"{self.file}:{self.found.line} {self.side} {self.found.rule} {self.found.message}"


class Comparison(NamedTuple):
    """How far two linters agree: by rule the number of instructions in which both have it, and all that differs."""

    both: Mapping[str, int]
    differences: tuple[Difference, ...]

    def of(self, rule: str, side: str) -> list[Difference]:
        """The differences of a rule that one side has."""
        return [one for one in self.differences if (one.found.rule, one.side) == (rule, side)]

    @property
    def rules(self) -> list[str]:
        """Every rule that either side found something of."""
        return sorted({*self.both, *(one.found.rule for one in self.differences)})

    def share(self, excused: bool) -> float:
        """Of all instructions with a finding of either side, the share in which both have it, 0 to 1.

        With `excused`, differences that are meant do not count at all.
        """
        same = sum(self.both.values())
        every = same + sum(not (excused and one.known) for one in self.differences)
        return same / every if every else 1.0


def compare(
    peer: str,
    file: str,
    content: str,
    theirs: Iterable[Found],
    ours: Iterable[Found],
    place: Callable[[int], Place],
    refusals: Iterable[Found] = (),
) -> Comparison:
    """What the sides have in common in one file. `refusals` are those of our findings that no build takes."""
    refused = {place(found.line) for found in refusals}
    they = {(found.rule, place(found.line)): found for found in theirs}
    we = {(found.rule, place(found.line)): found for found in ours}
    both = Counter(rule for rule, _ in they.keys() & we.keys())
    differences = []
    for side, some, other in ((ONLY_THEY, they, we), (ONLY_WE, we, they)):
        for key in sorted(some.keys() - other.keys(), key=lambda key: (key[1], key[0])):
            where = Where(key[1].text, content, key[1] in refused)
            differences.append(Difference(file, side, some[key], known(peer, side, some[key], where)))
    return Comparison(both, tuple(differences))


def total(comparisons: Iterable[Comparison]) -> Comparison:
    """Those of many files as one."""
    both: Counter[str] = Counter()
    differences: list[Difference] = []
    for comparison in comparisons:
        both.update(comparison.both)
        differences += comparison.differences
    return Comparison(both, tuple(differences))
