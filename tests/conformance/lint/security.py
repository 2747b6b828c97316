"""The security rules against Checkov's: on the corpus, our fixtures, and generated files.

    .venv/bin/python tests/conformance/lint/security.py --generated 300 --seed 0 --show curl-insecure

Exit codes: 0 all the same or meant (or no Checkov here, which one line says), 1 something differs.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[3])

from stackferry.grammar.dockerfile.parse import parse
from stackferry.grammar.dockerfile.source import Source, decoded
from tests.conformance.lint import checkov, dockerfile, ours
from tests.conformance.lint.compare import Comparison, Place, compare, total
from tests.conformance.lint.dockerfile import File
from tests.conformance.lint.known import CHECKOV, ONLY_THEY, ONLY_WE
from tests.conformance.lint.ours import Linter
from tests.dockerfiles.insecure import insecure

RULES = frozenset(checkov.ALIASES.values())


def made_up(first: int, count: int) -> list[File]:
    """Made-up files, by their seeds."""
    return [File(f"seed {seed}", insecure(Random(seed)).encode(), {}, True) for seed in range(first, first + count)]


def against_checkov(files: Iterable[File], linter: Linter = ours.lint) -> Comparison:
    """Our findings compared with Checkov's, by rule and instruction. Raises `checkov.UnavailableError`."""
    chosen = list(files)
    answers = checkov.check(file.content for file in chosen)
    return total(
        compare(
            CHECKOV,
            file.name,
            decoded(file.content),
            theirs,
            [found for found in linter(file, "security").findings if found.rule in RULES],
            place_in(file),
        )
        for file, theirs in zip(chosen, answers, strict=True)
    )


def place_in(file: File) -> Callable[[int], Place]:
    """Lines to the instructions that they belong to, with their heredocs."""
    source = Source(decoded(file.content), file.name)
    spans = [
        (
            source.position(instruction.start).line,
            source.position(max(instruction.start, instruction.end - 1)).line,
            instruction,
        )
        for instruction in parse(source).instructions
    ]

    def place(line: int) -> Place:
        for first, last, instruction in spans:
            if first <= line <= last:
                return Place(first, source.text[instruction.start : instruction.end])
        return Place(line, "")

    return place


def report(comparison: Comparison) -> str:
    """A line a rule, and all differences that are not meant."""
    lines = [f"  {'rule':32} {'both':>6} {'only Checkov':>13} {'meant':>6} {'only we':>8} {'meant':>6}"]
    for rule in comparison.rules:
        they, we = comparison.of(rule, ONLY_THEY), comparison.of(rule, ONLY_WE)
        meant = [sum(one.known is not None for one in side) for side in (they, we)]
        figures = (comparison.both.get(rule, 0), len(they), meant[0], len(we), meant[1])
        lines.append("  {:32} {:6} {:13} {:6} {:8} {:6}".format(rule, *figures))
    return "\n".join([*lines, *(str(one) for one in comparison.differences if one.known is None)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the options, ask both, print."""
    parser = argparse.ArgumentParser(prog="security.py", description="Compare our security rules with Checkov's.")
    parser.add_argument("--generated", type=int, default=300, metavar="N", help="made-up files (default 300)")
    parser.add_argument("--seed", type=int, default=0, help="of the first file")
    parser.add_argument("--show", metavar="RULE", default="", help="list every difference of the rules that begin so")
    options = parser.parse_args(arguments)
    real = [*dockerfile.corpus(), *dockerfile.fixtures()]
    made = made_up(options.seed, options.generated)
    try:
        parts = [
            (f"\nsecurity rules beside Checkov {checkov.VERSION}, {len(files)} {what} files", against_checkov(files))
            for what, files in (("real", real), ("made-up", made))
        ]
    except checkov.UnavailableError as reason:
        sys.stdout.write(f"{reason}\n")
        return 0
    for title, comparison in parts:
        sys.stdout.write(f"{title}\n{report(comparison)}\n")
    differences = [one for _, comparison in parts for one in comparison.differences]
    if options.show:
        sys.stdout.writelines(f"{one}\n" for one in differences if one.found.rule.startswith(options.show))
    return 1 if any(one.known is None for one in differences) else 0


if __name__ == "__main__":
    sys.exit(main())
