"""The linter's differential report: hadolint and BuildKit against us, on the corpus and our Dockerfiles.

Run it with the interpreter of the environment: `.venv/bin/python tests/conformance/lint/report.py`.
Exit codes: 0 all the same or meant, 1 something differs, 2 usage, or no BuildKit here.
"""

import argparse
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[3])

from tests.buildkit.build import UnavailableError
from tests.buildkit.oracle import RULES, Oracle
from tests.conformance.lint import dockerfile, hadolint, ours
from tests.conformance.lint.compare import Comparison, Difference
from tests.conformance.lint.known import KNOWN, ONLY_THEY, ONLY_WE
from tests.conformance.lint.survey import (
    Noise,
    Outcome,
    itself,
    noise,
    survey,
    verdicts,
    with_buildkit,
    with_hadolint,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the options, ask everybody, print."""
    parser = argparse.ArgumentParser(prog="report.py", description="Compare our linter with hadolint and BuildKit.")
    parser.add_argument("--corpus", type=Path, default=dockerfile.CORPUS, metavar="DIR", help="folders of Dockerfiles")
    parser.add_argument("--fixtures", action="store_true", help="only our fixtures, not the corpus")
    parser.add_argument("--only", metavar="TEXT", default="", help="only files whose name contains TEXT")
    parser.add_argument("--show", metavar="RULE", default="", help="list every difference of the rules that begin so")
    parser.add_argument("--against-itself", action="store_true", help="the peers in our place: tests this harness")
    options = parser.parse_args(arguments)
    try:
        oracle = Oracle()
    except UnavailableError as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    files = [*dockerfile.fixtures(), *([] if options.fixtures else dockerfile.corpus(options.corpus))]
    files = [file for file in files if options.only in file.name]
    try:
        outcomes = survey(files, oracle, itself(oracle) if options.against_itself else ours.lint)
    finally:
        oracle.close()
    text, differences = report(outcomes)
    _write(text)
    if options.show:
        _write("\n".join(str(one) for one in differences if one.found.rule.startswith(options.show)))
    return 1 if any(one.known is None for one in differences) else 0


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")


def report(outcomes: Sequence[Outcome]) -> tuple[str, list[Difference]]:
    """The whole report, and every difference that it counts."""
    real = [outcome for outcome in outcomes if not outcome.file.made] or outcomes
    rules, scripts = with_hadolint(outcomes, "DL"), with_hadolint(outcomes, "SC")
    checks, odd = with_buildkit(outcomes, RULES), verdicts(outcomes)
    parts: list[str] = [
        *peers(outcomes),
        *_agreement("DL rules, in the same instruction", rules, "hadolint"),
        *_agreement("SC codes, in the same instruction", scripts, "hadolint"),
        *_agreement("BuildKit's checks, in the same instruction", checks, "BuildKit"),
        f"\nvalid or not, as BuildKit says: {len(outcomes) - len(odd)} of {len(outcomes)}",
        *(f"  {one.file}:{one.found.line} {one.side} refuse it: {_short(one.found.message)}" for one in odd),
        *_noise("recommended", noise(outcome.ours["recommended"] for outcome in real)),
        *_noise(
            "recommended, where hadolint can read the file,",
            noise(outcome.ours["recommended"] for outcome in real if not outcome.hadolint.refused),
        ),
    ]
    differences = [*rules.differences, *scripts.differences, *checks.differences, *odd]
    return "\n".join([*parts, *_meant(differences)]), differences


def differences_of(outcomes: Sequence[Outcome]) -> list[Difference]:
    """Every difference that the report counts."""
    return report(outcomes)[1]


def peers(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What the others say, without us."""
    refused = [outcome for outcome in outcomes if outcome.hadolint.refused]
    invalid = [outcome for outcome in outcomes if not outcome.buildkit.valid]
    yield f"{len(outcomes)} Dockerfiles; hadolint {hadolint.version()} refuses {len(refused)}, BuildKit {len(invalid)}"
    real = [outcome for outcome in outcomes if not outcome.file.made] or outcomes
    yield from _noise("hadolint's own", noise(one.hadolint for one in real if not one.hadolint.refused))


def _agreement(title: str, found: Comparison, peer: str) -> Iterator[str]:
    """A table of the rules, the one with most differences first."""
    yield f"\n{title}: {found.share(excused=False):.1%} the same, {found.share(excused=True):.1%} without what is meant"
    yield f"  {'rule':32} {'both':>6} {'only ' + peer:>16} {'meant':>6} {'only we':>8} {'meant':>6}"
    rows = {rule: (found.of(rule, ONLY_THEY), found.of(rule, ONLY_WE)) for rule in found.rules}
    for rule, (they, we) in sorted(rows.items(), key=lambda row: (-_open(row[1]), row[0])):
        figures = (found.both.get(rule, 0), len(they), _known(they), len(we), _known(we))
        yield "  {:32} {:6} {:16} {:6} {:8} {:6}".format(rule, *figures)


def _open(sides: tuple[list[Difference], list[Difference]]) -> int:
    return sum(one.known is None for side in sides for one in side)


def _known(differences: Sequence[Difference]) -> int:
    return sum(one.known is not None for one in differences)


def _noise(name: str, figures: Noise) -> Iterator[str]:
    each = figures.findings / figures.files if figures.files else 0.0
    most = sorted(figures.by_rule.items(), key=lambda row: (-row[1], row[0]))[:8]
    yield (
        f"\n{name} rules: {figures.findings} findings in {figures.files} real files, {each:.1f} a file, "
        f"{figures.clean} files are clean"
    )
    yield "  " + ", ".join(f"{count} {rule}" for rule, count in most)


def _meant(differences: Sequence[Difference]) -> Iterator[str]:
    """The differences that are meant, with how often each was seen here."""
    seen = Counter(one.known for one in differences)
    yield "\ndifferences that are meant"
    for entry in KNOWN:
        yield f"  {seen[entry]:4} {entry.side} ({entry.peer}) {entry.rules}: {entry.reason}"


def _short(text: str) -> str:
    return textwrap.shorten(text, 160, placeholder=" …")


if __name__ == "__main__":
    sys.exit(main())
