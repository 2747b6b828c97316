"""Many Dockerfiles → the findings of hadolint, BuildKit and us, and how far they agree. Nothing here prints."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from stackferry.grammar.dockerfile.parse import parse
from stackferry.grammar.dockerfile.source import Source
from tests.buildkit.oracle import Answer, Oracle
from tests.conformance.lint import hadolint
from tests.conformance.lint.compare import Comparison, Difference, Place, compare, total
from tests.conformance.lint.dockerfile import File
from tests.conformance.lint.found import Found, Verdict
from tests.conformance.lint.known import BUILDKIT, HADOLINT, ONLY_THEY, ONLY_WE, VERDICT, Where, known
from tests.conformance.lint.ours import SYNTAX, Linter

TWINS: Mapping[str, str] = {
    "DL3000": "WorkdirRelativePath",
    "DL3012": "MultipleInstructionsDisallowed",
    "DL3024": "DuplicateStageName",
    "DL3025": "JSONArgsRecommended",
    "DL3029": "FromPlatformFlagConstDisallowed",
    "DL3063": "ReservedStageName",
    "DL3064": "SecretsUsedInArgOrEnv",
    "DL3065": "RedundantTargetPlatform",
    "DL4000": "MaintainerDeprecated",
    "DL4003": "MultipleInstructionsDisallowed",
    "DL4004": "MultipleInstructionsDisallowed",
}
"""Rules that we know under hadolint's id, by BuildKit's name for them."""


class Outcome(NamedTuple):
    """One file after all have answered. Ours are by the set of rules."""

    file: File
    buildkit: Answer
    hadolint: Verdict
    ours: Mapping[str, Verdict]

    def place(self, line: int) -> Place:
        """The instruction that a line belongs to; our parser says so where BuildKit's gives up before the end."""
        if self.buildkit.refused:
            return _place(self.text, line)
        node = self.buildkit.instruction_at(line)
        return Place(node.start, node.joined) if node else Place(line, "")

    @property
    def text(self) -> str:
        """The text of the file."""
        return self.file.content.decode("utf-8", "surrogateescape")


@functools.lru_cache(64)
def _places(text: str) -> tuple[tuple[int, int, str], ...]:
    source = Source(text, "Dockerfile")
    return tuple(
        (source.position(one.start).line, source.position(max(one.start, one.end - 1)).line, one.joined.text)
        for one in parse(source).instructions
    )


def _place(text: str, line: int) -> Place:
    return next((Place(start, joined) for start, end, joined in _places(text) if start <= line <= end), Place(line, ""))


WARNED_ENOUGH = "lint violation found"
"""How BuildKit refuses a file that says `# check=error=true` and has warnings. To us such warnings are errors."""

SETS = ("hadolint", "recommended", "all")


def survey(files: Iterable[File], oracle: Oracle, linter: Linter) -> list[Outcome]:
    """Ask everybody about every file."""
    chosen = list(files)
    verdicts = hadolint.check(file.content for file in chosen)
    outcomes = []
    for file, verdict in zip(chosen, verdicts, strict=True):
        answer = oracle.ask(file.content, files=dict(file.beside))
        ours = {name: linter(file, name) for name in SETS}
        outcomes.append(Outcome(file, answer, verdict, ours))
    return outcomes


def itself(oracle: Oracle) -> Linter:
    """The peers in our place, to test the harness: hadolint, and BuildKit where all rules are asked for."""

    def linter(file: File, chosen: str) -> Verdict:
        if chosen != "all":
            return hadolint.check([file.content])[0]
        answer = oracle.ask(file.content, files=dict(file.beside))
        refused = answer.error.message if answer.error else ""
        return Verdict(refused, answer.error.start if answer.error else 0, warnings(answer))

    return linter


def warnings(answer: Answer) -> tuple[Found, ...]:
    """BuildKit's warnings as findings."""
    return tuple(Found(one.rule, one.start, "warning", one.message) for one in answer.warnings)


def with_hadolint(outcomes: Sequence[Outcome], pattern: str) -> Comparison:
    """Our findings of hadolint's rules that begin so (`DL`, `SC`), in the files that hadolint can read."""
    return total(
        compare(
            HADOLINT,
            outcome.file.name,
            outcome.text,
            [found for found in outcome.hadolint.findings if found.rule.startswith(pattern)],
            [found for found in outcome.ours["hadolint"].findings if found.rule.startswith(pattern)],
            outcome.place,
            [found for found in outcome.ours["hadolint"].findings if found.rule in SYNTAX],
        )
        for outcome in outcomes
        if not outcome.hadolint.refused
    )


def with_buildkit(outcomes: Sequence[Outcome], rules: frozenset[str]) -> Comparison:
    """Our findings of BuildKit's checks, in the files that BuildKit takes (it stops at the first error)."""
    return total(
        compare(
            BUILDKIT,
            outcome.file.name,
            outcome.text,
            warnings(outcome.buildkit),
            [
                found._replace(rule=rule)
                for found in outcome.ours["all"].findings
                if (rule := TWINS.get(found.rule, found.rule)) in rules
            ],
            outcome.place,
        )
        for outcome in outcomes
        if outcome.buildkit.valid
    )


def verdicts(outcomes: Sequence[Outcome]) -> list[Difference]:
    """The files that BuildKit takes and we refuse (`ONLY_WE` find an error), or the reverse."""
    differences = []
    for outcome in outcomes:
        ours, error = outcome.ours["all"], outcome.buildkit.error
        if outcome.buildkit.valid == (not ours.refused) or (error and error.message.startswith(WARNED_ENOUGH)):
            continue
        side = ONLY_THEY if error else ONLY_WE
        found = (
            Found(VERDICT, error.start, "error", error.message)
            if error
            else Found(VERDICT, ours.line, "error", ours.refused)
        )
        where = Where(outcome.place(found.line).text, outcome.text)
        differences.append(Difference(outcome.file.name, side, found, known(BUILDKIT, side, found, where)))
    return differences


class Noise(NamedTuple):
    """How much a set of rules says: files, findings, files without any, findings by rule."""

    files: int
    findings: int
    clean: int
    by_rule: Mapping[str, int]


def noise(verdicts: Iterable[Verdict]) -> Noise:
    """The figures of the answers to many files."""
    counts = [[found.rule for found in verdict.findings] for verdict in verdicts]
    by_rule: dict[str, int] = {}
    for rule in (rule for rules in counts for rule in rules):
        by_rule[rule] = by_rule.get(rule, 0) + 1
    return Noise(len(counts), sum(map(len, counts)), sum(not rules for rules in counts), by_rule)
