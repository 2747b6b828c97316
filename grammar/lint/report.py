"""The second half of a lint: hits become findings, without duplicates and suppressed ones, in file order."""

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.lint.catalogue import SHELLCHECK_ID, is_buildkit_check
from stackferry.grammar.lint.config.config import NEVER
from stackferry.grammar.lint.finding import Finding, Hit
from stackferry.grammar.lint.pragmas import within
from stackferry.grammar.lint.problems import INTERNAL_ERROR, SPOKEN_FOR
from stackferry.grammar.lint.rule import judge_of
from stackferry.grammar.lint.run import EXPERIMENTAL, Prepared, Raw
from stackferry.grammar.lint.selection import Selection
from stackferry.grammar.lint.terms import at_least

if TYPE_CHECKING:
    from stackferry.grammar.lint.silencer import Silencer


class Report(NamedTuple):
    """The result for a file. `failed` are the rules in which a bug of ours prevented results: exit code 3."""

    findings: tuple[Finding, ...]
    failed: tuple[str, ...] = ()


def finish(prepared: Prepared, shellcheck: Iterable[Hit] | None = None) -> Report:
    """The findings in a prepared file. `shellcheck` are ShellCheck's hits in it, None if it did not run."""
    selection = prepared.selection
    raw = [*prepared.hits, *((hit.id, hit) for hit in shellcheck or ())]
    raw = [*_spoken_once(raw, selection)]
    if selection.selector.config.heed_pragmas and (prepared.pragmas.found or prepared.pragmas.misread):
        from stackferry.grammar.lint.silencer import Silencer

        silencer = Silencer(prepared.pragmas, prepared.catalogue)
        raw = silencer.kept(raw)
        raw += silencer.kept(_judged(prepared, silencer, ran_shellcheck=shellcheck is not None))
    failed = tuple(hit.message for name, hit in raw if name == INTERNAL_ERROR)
    return Report(tuple(_findings(prepared, raw)), failed)


def _judged(prepared: Prepared, silencer: "Silencer", *, ran_shellcheck: bool) -> Iterator[Raw]:
    """The hits of rules about pragmas, now that the effects of the pragmas are known."""

    def ran(identifier: str) -> bool:
        return ran_shellcheck if SHELLCHECK_ID.fullmatch(identifier) else identifier in prepared.ran

    rules = prepared.catalogue
    for identifier in prepared.selection.rules:
        if rules.is_judge(identifier):
            judge = judge_of(rules.room(identifier), identifier)
            for hit in judge(silencer, ran):
                yield identifier, hit


def _spoken_once(raw: list[Raw], selection: Selection) -> Iterator[Raw]:
    """The hits without those where another selected rule reports the same problem at the same place."""
    others: dict[str, list[tuple[int, int]]] = {}
    for name, spoken_for in SPOKEN_FOR.items():
        speakers = [other for other in spoken_for if selection.severity(other)]
        others[name] = sorted((hit.start, hit.end) for other, hit in raw if other in speakers)
    for name, hit in raw:
        places = others.get(name)
        if not places or not _meets(places, hit):
            yield name, hit


def _meets(places: list[tuple[int, int]], hit: Hit) -> bool:
    """Whether a hit overlaps one of the ranges, which are sorted and hardly overlap each other."""
    after = bisect_right(places, (hit.start, sys.maxsize))
    near = places[max(after - 1, 0) : after + 1]
    return any(start <= hit.start < end or hit.start <= start < hit.end for start, end in near)


def _findings(prepared: Prepared, raw: Iterable[Raw]) -> list[Finding]:
    source, selection = prepared.source, prepared.selection
    errors = prepared.pragmas.checks_are_errors and selection.selector.config.set != "hadolint"
    experimental = [
        (prepared.catalogue.ids(name.text) or EXPERIMENTAL, covers) for name, covers in prepared.pragmas.experimental()
    ]
    found: dict[tuple[str, int, str], Finding] = {}
    for name, hit in raw:
        severity = selection.severity(name, hit.severity)
        rule = prepared.catalogue.rule(name)
        if not severity and rule and name in prepared.experimental:
            if not within((covers for ids, covers in experimental if name in ids), hit):
                continue
            severity = rule.severity
        if not severity or (name, hit.start, hit.message) in found:
            continue
        if errors and rule and is_buildkit_check(rule):
            severity = "error"
        first, last = source.position(hit.start), source.position(_visible_end(source.text, hit))
        found[name, hit.start, hit.message] = Finding(
            source.path, first.line, first.column, last.line, last.column, severity, name, hit.message, hit.hint
        )
    return sorted(found.values(), key=lambda finding: (finding.line, finding.column, finding.id, finding.message))


def _visible_end(text: str, hit: Hit) -> int:
    """The end of a hit without its last line ending."""
    end = min(max(hit.start, hit.end), len(text))
    while end > hit.start and text[end - 1] in "\r\n":
        end -= 1
    return end


def verdict(reports: Iterable[Report], fail_on: str) -> int:
    """The exit code: 0, 1 if any finding is at least as bad as `fail_on`, 3 if a bug of ours hides findings."""
    code = 0
    for report in reports:
        if report.failed:
            return 3
        if fail_on != NEVER and any(at_least(finding.severity, fail_on) for finding in report.findings):
            code = 1
    return code
