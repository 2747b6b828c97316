"""The differential report: how often we and the real compose program agree, and where we differ.

Run it with the interpreter of the environment: `.venv/bin/python tests/conformance/report.py`; `make conformance`
adds thousands of made-up stacks.
Exit codes: 0 all the same, 1 something differs, 2 usage.
"""

import argparse
import dataclasses
import functools
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.conformance import generated, ours, peer
from tests.conformance.answer import Answer
from tests.conformance.case import CORPUS, FIXTURES, Case, corpus, fixtures
from tests.conformance.compare import compare
from tests.conformance.reduce import reduce
from tests.conformance.survey import Outcome, Side, by_path, rows, survey

EXAMPLES = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the options, ask both sides, print."""
    parser = argparse.ArgumentParser(
        prog="report.py", description="Compare our loader with the real `docker compose config`, case by case."
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS, metavar="DIR", help="folder of projects to load")
    parser.add_argument("--fixtures", action="store_true", help="only our fixtures, not the corpus")
    parser.add_argument("--yaml", action="store_true", help="compare the text of the YAML, line by line")
    parser.add_argument("--only", metavar="TEXT", default="", help="only cases whose name contains TEXT")
    parser.add_argument("--kind", metavar="KIND", help="only cases of this row of the table")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N cases")
    parser.add_argument("--top", type=int, default=25, metavar="N", help="how many key paths to list (default 25)")
    parser.add_argument("--show", metavar="PATH", help="list every difference whose line in the ranking contains PATH")
    parser.add_argument("--reduce", metavar="DIR", type=Path, help="with --show: write the smallest such case there")
    parser.add_argument("--generated", type=int, default=0, metavar="N", help="and N made-up stacks")
    parser.add_argument("--seed", type=int, default=0, help="of the made-up stacks")
    parser.add_argument("--no-files", action="store_true", help="only the made-up stacks")
    parser.add_argument("--against-itself", action="store_true", help="the peer on both sides: tests this harness")
    options = parser.parse_args(arguments)
    side = _itself if options.against_itself else ours.run

    cases = [] if options.no_files else list(fixtures(FIXTURES))
    if not options.no_files and not options.fixtures and options.corpus.is_dir():
        cases += corpus(options.corpus)
    cases = [one for one in cases if options.only in one.name and options.kind in (None, one.kind)][: options.limit]
    if options.yaml:
        cases = [dataclasses.replace(one, notation="yaml") for one in cases]
    outcomes = survey(cases, side)
    made_up, finds = generated.search(options.generated, options.seed, side) if options.generated else ([], "")
    outcomes += made_up
    _write(f"{(peer.binary() if options.yaml else peer.loader()).name} against us\n")
    _write(table(outcomes))
    if options.show:
        _write("\n" + "\n\n".join(show(outcomes, options.show)))
        if options.reduce:
            _write(smallest(outcomes, options.show, options.reduce, side))
    else:
        _write("\n" + ranking(outcomes, options.top) + finds)
    return 0 if all(one.same for one in outcomes) else 1


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")


def _itself(case: Case) -> Answer:
    return peer.run(case)


def table(outcomes: Sequence[Outcome]) -> str:
    """The figures, a row per kind of case."""
    lines = [f"{'cases':12} {'number':>7} {'same verdict':>20} {'accepted':>9} {'same JSON':>20}"]
    for row in rows(outcomes):
        verdict = f"{row.same_verdict} ({row.verdict_share:.1%})"
        document = f"{row.same_json} ({row.json_share:.1%})"
        lines.append(f"{row.kind:12} {row.cases:7} {verdict:>20} {row.accepted:9} {document:>20}")
    excused = sum(bool(one.excused) for one in outcomes)
    unstable = sum(one.unstable for one in outcomes)
    return "\n".join(lines) + f"\nwith known differences: {excused}; the peer contradicts itself in: {unstable}"


def ranking(outcomes: Sequence[Outcome], top: int) -> str:
    """The key paths that differ, the one that spoils most cases first, with examples."""
    groups = by_path(outcomes)
    if not groups:
        return "no difference"
    lines = [f"{'cases':>6}  key path, kind of difference"]
    for group, where in groups[:top]:
        names = list(dict.fromkeys(outcome.case.name for outcome, _ in where))
        lines.append(f"{len(names):6}  {group}")
        lines += [f"{'':10}{name}" for name in names[:EXAMPLES]]
        lines.append(f"{'':10}{textwrap.shorten(str(where[0][1]), 400, placeholder=' …')}")
    if len(groups) > top:
        lines.append(f"… and {len(groups) - top} more; --top N shows them, --show PATH one of them in full")
    return "\n".join(lines)


def show(outcomes: Iterable[Outcome], path: str) -> Iterable[str]:
    """Every difference at one key path, in full."""
    for outcome in outcomes:
        for difference in outcome.differences:
            if path in difference.group:
                yield (
                    f"{outcome.case.name}  {difference.at} ({difference.kind})\n"
                    f"  peer: {difference.peer}\n  ours: {difference.ours}"
                )


def smallest(outcomes: Iterable[Outcome], path: str, folder: Path, side: Side) -> str:
    """Take the first case that shows a difference at the path, reduce it, say what is left."""
    for outcome in outcomes:
        group = next((one.group for one in outcome.differences if path in one.group), None)
        if group and reduce(outcome.case, functools.partial(_shows, group, side), folder):
            files = sorted(one for one in folder.rglob("*") if one.is_file())
            return f"\nreduced from {outcome.case.name}\n" + "".join(
                f"--- {one.relative_to(folder)}\n{one.read_text(errors='replace')}" for one in files
            )
    return "\nnothing to reduce"


def _shows(group: str, side: Side, case: Case) -> bool:
    return any(one.group == group for one in compare(peer.run(case), side(case)))


if __name__ == "__main__":
    sys.exit(main())
