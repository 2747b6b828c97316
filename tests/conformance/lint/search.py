"""Searches for files that our linter and a peer judge differently: generated ones, and mutated real ones.

    .venv/bin/python tests/conformance/lint/search.py buildkit --generated 5000 --mutated 5000 --seed 0
    .venv/bin/python tests/conformance/lint/search.py hadolint --only DL3008
    .venv/bin/python tests/conformance/lint/search.py hadolint --generated 0 --mutated 0 --scripts 5000

Each kind of difference that is not meant is printed with its smallest file. Exit codes: 0 none, 1 some, 2 no BuildKit.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[3])

from tests.buildkit.build import UnavailableError
from tests.buildkit.oracle import RULES, Oracle
from tests.conformance.dockerfile.search import Compare, changed, made_up, search, told
from tests.conformance.dockerfile.trees import general
from tests.conformance.lint import hadolint, ours
from tests.conformance.lint.compare import Difference
from tests.conformance.lint.dockerfile import File
from tests.conformance.lint.found import Verdict
from tests.conformance.lint.known import VERDICT
from tests.conformance.lint.ours import Linter
from tests.conformance.lint.survey import Outcome, verdicts, with_buildkit, with_hadolint
from tests.dockerfiles.make import dockerignore
from tests.dockerfiles.scripts import runs


class Kind(NamedTuple):
    """A difference as the search wants it."""

    kind: str
    difference: Difference

    def __str__(self) -> str:
        found = self.difference.found
        return f"{self.kind}\n  line {found.line}: {found.message}"


def buildkit_against(oracle: Oracle, ignored: str, linter: Linter = ours.lint) -> Compare:
    """Our verdict and our findings of BuildKit's checks, compared with BuildKit's.

    `ignored` is the text of the .dockerignore beside all of the files.
    """

    def compare(content: bytes) -> Sequence[Kind]:
        file = File("Dockerfile", content, {".dockerignore": ignored})
        answer = oracle.ask(content, files=dict(file.beside))
        outcome = Outcome(file, answer, Verdict("", 0, ()), {"all": linter(file, "all")})
        return _kinds([*verdicts([outcome]), *with_buildkit([outcome], RULES).differences])

    return compare


def hadolint_against(oracle: Oracle, contents: Iterable[bytes], pattern: str, linter: Linter = ours.lint) -> Compare:
    """Our findings of hadolint's rules that begin with `pattern`, compared with hadolint's.

    It is asked about `contents` at once.
    """
    answers = hadolint.ask(contents)

    def compare(content: bytes) -> Sequence[Kind]:
        if content not in answers:
            answers.update(hadolint.ask([content]))
        file = File("Dockerfile", content, {})
        answer = oracle.ask(content, only="parse")
        outcome = Outcome(file, answer, answers[content], {"hadolint": linter(file, "hadolint")})
        return _kinds(with_hadolint([outcome], pattern).differences)

    return compare


def _kinds(differences: Iterable[Difference]) -> list[Kind]:
    found = []
    for difference in differences:
        if difference.known is None:
            # Of verdicts, the message says more than the rule.
            more = f": {general(difference.found.message)}" if difference.found.rule == VERDICT else ""
            found.append(Kind(f"{difference.side} {difference.found.rule}{more}", difference))
    return found


def main() -> int:
    """Search, and print what is found."""
    parser = argparse.ArgumentParser(prog="search.py", description="Look for files that linters judge differently.")
    parser.add_argument("peer", choices=("buildkit", "hadolint"))
    parser.add_argument("--generated", type=int, default=500, metavar="N", help="made-up files (default 500)")
    parser.add_argument("--mutated", type=int, default=500, metavar="N", help="changed real files (default 500)")
    parser.add_argument("--scripts", type=int, default=500, metavar="N", help="files of made-up RUNs (default 500)")
    parser.add_argument("--seed", type=int, default=0, help="of the first file")
    parser.add_argument("--ignored", type=int, default=3, metavar="SEED", help="of the .dockerignore (default 3)")
    parser.add_argument("--only", default="DL", metavar="ID", help="hadolint's rules that begin so (default DL)")
    parser.add_argument("--whole", action="store_true", help="print the shortest file as it is, not its smallest part")
    options = parser.parse_args()
    try:
        oracle = Oracle()
    except UnavailableError as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    scripts = (runs(Random(seed)).encode() for seed in range(options.seed, options.seed + options.scripts))
    contents = (*made_up(options.seed, options.generated), *scripts, *changed(options.seed, options.mutated))
    if options.peer == "buildkit":
        compare = buildkit_against(oracle, dockerignore(Random(options.ignored)))
    else:
        compare = hadolint_against(oracle, contents, options.only)
    finds = search(contents, compare, smallest=not options.whole)
    sys.stdout.write(told(finds) + f"{len(contents)} files, {len(finds)} kinds of difference\n")
    oracle.close()
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
