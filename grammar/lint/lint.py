"""One Dockerfile to findings: parse, facts, rules, ShellCheck's part, pragmas, and the order in which they are shown.

    prepare(source, selection) -> Prepared     for each file
    shellcheck([prepared.build, …])            once, for all files together
    finish(prepared, hits) -> Report           for each file

`lint` does all of it for one file. Pure but for what the checks import.
"""

import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from stackferry.grammar.dockerfile.facts.build import Build
from stackferry.grammar.dockerfile.facts.build import build as facts_of
from stackferry.grammar.dockerfile.instruction import Problem
from stackferry.grammar.dockerfile.parse import Dockerfile, parse
from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint.catalogue import SHELLCHECK_ID, Catalogue, catalogue, is_buildkit_check
from stackferry.grammar.lint.config import NEVER, Config
from stackferry.grammar.lint.finding import Finding, Hit
from stackferry.grammar.lint.pragmas import Pragmas, Silencer, read, within
from stackferry.grammar.lint.problems import INTERNAL_ERROR, SPOKEN_FOR
from stackferry.grammar.lint.rule import judge_of
from stackferry.grammar.lint.selection import Selection, Selector
from stackferry.grammar.lint.terms import at_least

Facts = Callable[[Dockerfile], Build]
"""Tree to facts: `build`, or one that also knows the build context."""

ShellCheck = Callable[[Sequence[Build]], Sequence[Sequence[Hit]]]
"""All files of a run to the hits in each, in the same order: `id` and `severity` are ShellCheck's."""

Raw = tuple[str, Hit]
"""An id and a hit."""


class Prepared:
    """A file after its rules ran. `build` is None if a bug of ours kept the facts from being made."""

    __slots__ = ("build", "experimental", "hits", "pragmas", "ran", "selection", "source")

    def __init__(self, source: Source, selection: Selection) -> None:
        self.source = source
        self.selection = selection
        self.build: Build | None = None
        self.pragmas = Pragmas()
        self.hits: list[Raw] = []
        self.ran: set[str] = set()
        self.experimental: set[str] = set()

    @property
    def catalogue(self) -> Catalogue:
        """The rules there are."""
        return self.selection.selector.catalogue


class Report(NamedTuple):
    """What is said of a file. `failed` are the rules that a bug of ours kept from saying anything: exit code 3."""

    findings: tuple[Finding, ...]
    failed: tuple[str, ...] = ()


def lint(
    source: Source,
    config: Config,
    *,
    rules: Catalogue | None = None,
    facts: Facts = facts_of,
    shellcheck: ShellCheck | None = None,
) -> Report:
    """The findings in one file, all in one call."""
    selection = Selector(rules or catalogue(), config).of(source.path)
    prepared = prepare(source, selection, facts=facts)
    if shellcheck is None or prepared.build is None or not selection.shellcheck:
        return finish(prepared)
    return finish(prepared, shellcheck([prepared.build])[0])


def prepare(source: Source, selection: Selection, *, facts: Facts = facts_of) -> Prepared:
    """Parse a file and run the selected rules. Never raises: a bug of ours is a finding."""
    prepared = Prepared(source, selection)
    try:
        dockerfile = parse(source)
        prepared.hits += ((problem.code, _hit(problem)) for problem in _problems(dockerfile))
        prepared.pragmas = read(dockerfile)
        prepared.build = facts(dockerfile)
    except Exception as error:  # noqa: BLE001 - whatever it is, other files are still linted
        prepared.hits.append((INTERNAL_ERROR, _internal("reading the file", error)))
        return prepared
    _run(prepared, prepared.build)
    return prepared


def _problems(dockerfile: Dockerfile) -> Iterator[Problem]:
    yield from dockerfile.problems
    for instruction in dockerfile.instructions:
        yield from instruction.problems


def _hit(problem: Problem) -> Hit:
    return Hit(problem.start, problem.end, problem.message, problem.hint)


def _run(prepared: Prepared, build: Build) -> None:
    selection, rules = prepared.selection, prepared.catalogue
    prepared.experimental = _experimental(prepared)
    # In the order of the catalogue, so that output does not depend on what was selected how.
    wanted = {*selection.rules, *prepared.experimental}
    for rule in rules.optional:
        if rule.id not in wanted:
            continue
        try:
            check = rules.check(rule.id)
            if check is not None:
                prepared.hits += [(rule.id, hit) for hit in check(build, selection.settings)]
                prepared.ran.add(rule.id)
        except Exception as error:  # noqa: BLE001 - a bug in one rule must not hide what the others found
            prepared.hits.append((INTERNAL_ERROR, _internal(f"rule {rule.id}", error)))


def _experimental(prepared: Prepared) -> set[str]:
    """The rules that only `# check=experimental=` switches on: their hits count where it says so.

    The set hadolint stays hadolint's.
    """
    if prepared.selection.selector.config.set == "hadolint":
        return set()
    found: set[str] = set()
    for name, _ in prepared.pragmas.experimental():
        found |= set(EXPERIMENTAL if name.text == "all" else prepared.catalogue.ids(name.text) or ())
    # What BuildKit calls experimental, and no other of its checks: those do not wait for being asked.
    return (found & set(EXPERIMENTAL)) - set(prepared.selection.rules)


EXPERIMENTAL = ("InvalidDefinitionDescription",)
"""Checks that BuildKit runs only where `# check=experimental=` asks for them (its ruleset.go)."""


def _internal(what: str, error: Exception) -> Hit:
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f" ({frame.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno})" if frame else ""
    message = f"{what} failed: {type(error).__name__}: {error}{where}"
    return Hit(0, 0, message, "this is a bug in stackferry: please report it with this file")


def finish(prepared: Prepared, shellcheck: Iterable[Hit] | None = None) -> Report:
    """The findings in a prepared file. `shellcheck` are ShellCheck's hits in it, None where it did not run."""
    catalogue, selection = prepared.catalogue, prepared.selection
    raw = [*prepared.hits, *((hit.id, hit) for hit in shellcheck or ())]
    raw = [*_spoken_once(raw, selection)]
    silencer = Silencer(prepared.pragmas, catalogue)
    heeds = selection.selector.config.heed_pragmas
    if heeds:
        raw = [(name, hit) for name, hit in raw if name == INTERNAL_ERROR or not silencer.silences(name, hit)]
        raw += _judged(prepared, silencer, ran_shellcheck=shellcheck is not None)
    failed = tuple(hit.message for name, hit in raw if name == INTERNAL_ERROR)
    return Report(tuple(_findings(prepared, raw)), failed)


def _judged(prepared: Prepared, silencer: Silencer, *, ran_shellcheck: bool) -> Iterator[Raw]:
    """What the rules about pragmas say, now that it is known what the pragmas did."""

    def ran(identifier: str) -> bool:
        return ran_shellcheck if SHELLCHECK_ID.fullmatch(identifier) else identifier in prepared.ran

    rules = prepared.catalogue
    for identifier in prepared.selection.rules:
        if rules.is_judge(identifier):
            judge = judge_of(rules.room(identifier), identifier)
            for hit in judge(silencer, ran):
                if not silencer.silences(identifier, hit):
                    yield identifier, hit


def _spoken_once(raw: list[Raw], selection: Selection) -> Iterator[Raw]:
    """The hits without those whose place another selected rule speaks of in the same sense."""
    others: dict[str, list[tuple[int, int]]] = {}
    for name, spoken_for in SPOKEN_FOR.items():
        speakers = [other for other in spoken_for if selection.severity(other)]
        others[name] = sorted((hit.start, hit.end) for other, hit in raw if other in speakers)
    for name, hit in raw:
        places = others.get(name)
        if not places or not _meets(places, hit):
            yield name, hit


def _meets(places: list[tuple[int, int]], hit: Hit) -> bool:
    """Whether a hit overlaps one of some ranges, which are sorted and hardly overlap each other."""
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
    """The end of a hit without the end of its last line."""
    end = min(max(hit.start, hit.end), len(text))
    while end > hit.start and text[end - 1] in "\r\n":
        end -= 1
    return end


def verdict(reports: Iterable[Report], fail_on: str) -> int:
    """The exit code of findings: 0, 1 if any is as bad as `fail_on` or worse, 3 if a bug of ours hides some."""
    code = 0
    for report in reports:
        if report.failed:
            return 3
        if fail_on != NEVER and any(at_least(finding.severity, fail_on) for finding in report.findings):
            code = 1
    return code
