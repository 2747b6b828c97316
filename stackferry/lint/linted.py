"""Runs the linter on Dockerfiles. ShellCheck is run once, when the rules of all files have run."""

import os
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from stackferry.grammar.lint.config.config import Config
from stackferry.grammar.lint.finding import Finding, Hit
from stackferry.grammar.lint.report import Report, finish
from stackferry.grammar.lint.run import Prepared, prepare
from stackferry.grammar.lint.selection import Selector
from stackferry.lint.context import facts_of
from stackferry.lint.targets import Target
from stackferry.session import Session


class Linted(NamedTuple):
    """A Dockerfile and its findings."""

    target: Target
    config: Config
    report: Report

    def findings(self) -> Iterable[Finding]:
        """The findings at their displayed places."""
        placed = self.target.placed
        return map(placed, self.report.findings) if placed else self.report.findings


def linted(targets: Iterable[Target], selector: Callable[[str], Selector | None], session: Session) -> list[Linted]:
    """Lint each file with the rules that `selector` gives for its path; None skips the file."""
    cwd = session.files.cwd
    waiting: list[tuple[Target, Config, Prepared]] = []
    for target in targets:
        selects = selector(target.source.path)
        if selects is not None:
            selection = selects.of(os.path.join(cwd, target.source.path))
            waiting.append((target, selects.config, prepare(target.source, selection, facts=facts_of(target, session))))
    hits = _shellcheck([(config, prepared) for _, config, prepared in waiting], session)
    return [
        Linted(target, config, finish(prepared, hits.get(place)))
        for place, (target, config, prepared) in enumerate(waiting)
    ]


def _shellcheck(waiting: list[tuple[Config, Prepared]], session: Session) -> dict[int, tuple[Hit, ...]]:
    """ShellCheck's hits by the index of the file in the list; files not checked by it are omitted.

    Files with the set `hadolint` are checked as hadolint does it, so there may be two runs.
    """
    asked: dict[bool, list[int]] = {}
    for place, (config, prepared) in enumerate(waiting):
        if prepared.build is not None and prepared.selection.shellcheck:
            asked.setdefault(config.set == "hadolint", []).append(place)
    if not asked:
        return {}
    from stackferry.grammar.lint.shellcheck.manner import HADOLINT, OWN
    from stackferry.lint.shellcheck.run import ShellCheck

    found: dict[int, tuple[Hit, ...]] = {}
    notes: list[str] = []
    for as_hadolint, places in asked.items():
        shellcheck = ShellCheck.here(session.environment, time.time(), HADOLINT if as_hadolint else OWN)
        hits = shellcheck([build for place in places if (build := waiting[place][1].build) is not None])
        notes += shellcheck.notes
        if shellcheck.available:
            found |= zip(places, hits, strict=True)
    for note in dict.fromkeys(notes):
        session.note(f"note: {note}")
    return found
