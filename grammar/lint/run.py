"""The first half of a lint: parses one file, makes its facts, and runs the selected rules.

`report.py` is the second half; between the two, ShellCheck checks the scripts of all files at once.
"""

from collections.abc import Callable, Iterator

from stackferry.grammar.dockerfile.facts.build import Build
from stackferry.grammar.dockerfile.facts.build import build as facts_of
from stackferry.grammar.dockerfile.instruction import Problem
from stackferry.grammar.dockerfile.parse import Dockerfile, Limit, parse
from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint.catalogue import Catalogue
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.pragmas import Pragmas, pragmas_in
from stackferry.grammar.lint.problems import INTERNAL_ERROR
from stackferry.grammar.lint.selection import Selection

Facts = Callable[[Dockerfile], Build]
"""Makes facts of a tree: `build`, or a function that also knows the build context."""

Raw = tuple[str, Hit]
"""An id and a hit."""

LIMIT = Limit(instructions=5_000, characters=100_000)
"""How much of a file is linted: four times the largest known file, and less than two seconds for all rules."""

EXPERIMENTAL = ("InvalidDefinitionDescription",)
"""Checks that BuildKit runs only if `# check=experimental=` enables them (its ruleset.go)."""


class Prepared:
    """A file after its rules ran. `build` is None if a bug of ours prevented the facts."""

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
        """The catalogue of all rules."""
        return self.selection.selector.catalogue


def prepare(source: Source, selection: Selection, *, facts: Facts = facts_of) -> Prepared:
    """Parse a file and run the selected rules. Never raises: a bug of ours is a finding."""
    prepared = Prepared(source, selection)
    try:
        dockerfile = parse(source, LIMIT)
        prepared.hits += ((problem.code, _hit(problem)) for problem in _problems(dockerfile))
        prepared.pragmas = pragmas_in(dockerfile)
        prepared.build = facts(dockerfile)
        prepared.hits += _mount_problems(prepared.build)
    except Exception as error:  # noqa: BLE001 - whatever it is, other files are still linted
        prepared.hits.append((INTERNAL_ERROR, _internal("reading the file", error)))
        return prepared
    _run(prepared, prepared.build)
    return prepared


def _problems(dockerfile: Dockerfile) -> Iterator[Problem]:
    yield from dockerfile.problems
    for directive in dockerfile.directives:
        if directive.name == "check":
            yield from _check_problems(dockerfile.source.text[directive.start : directive.end], directive.start)
    for instruction in dockerfile.instructions:
        yield from instruction.problems


def _check_problems(text: str, start: int) -> Iterator[Problem]:
    """Problems of `# check=` in the first lines; elsewhere a build ignores them (BuildKit's linter.go)."""
    from stackferry.grammar.lint.pragma import Said, said

    found = said(text, start)
    for misread in found.misread if isinstance(found, Said) else ():
        yield Problem("invalid-directive", misread.message, misread.start, misread.end, misread.hint)


def _mount_problems(build: Build) -> Iterator[Raw]:
    """Problems of `--mount`: its values may contain variables, which the parser cannot expand."""
    for step in build.steps("RUN"):
        for mount in step.mounts if step.instruction.flags else ():
            for code, message, hint in mount.errors:
                yield code, Hit(mount.flag.word.start, mount.flag.word.end, message, hint)


def _hit(problem: Problem) -> Hit:
    return Hit(problem.start, problem.end, problem.message, problem.hint)


def _run(prepared: Prepared, build: Build) -> None:
    selection, rules = prepared.selection, prepared.catalogue
    prepared.experimental = _experimental(prepared)
    # In catalogue order, so that the output does not depend on how rules were selected.
    wanted = {*selection.rules, *prepared.experimental}
    present = keywords(build.dockerfile)
    for rule in rules.optional:
        if rule.id not in wanted:
            continue
        if rule.keywords and present.isdisjoint(rule.keywords):
            prepared.ran.add(rule.id)
            continue
        try:
            check = rules.check(rule.id)
            if check is not None:
                prepared.hits += [(rule.id, hit) for hit in check(build, selection.settings)]
                prepared.ran.add(rule.id)
        except Exception as error:  # noqa: BLE001 - a bug in one rule must not hide what the others found
            prepared.hits.append((INTERNAL_ERROR, _internal(f"rule {rule.id}", error)))


def keywords(dockerfile: Dockerfile) -> set[str]:
    """The keywords of all instructions, including those inside ONBUILD."""
    found = set()
    for instruction in dockerfile.instructions:
        found.add(instruction.keyword)
        if instruction.trigger is not None:
            found.add(instruction.trigger.keyword)
    return found


def _experimental(prepared: Prepared) -> set[str]:
    """The rules that only `# check=experimental=` switches on: their hits count only in its range.

    Not for the set hadolint, which stays as in hadolint.
    """
    if prepared.selection.selector.config.set == "hadolint":
        return set()
    found: set[str] = set()
    for name, _ in prepared.pragmas.experimental():
        found |= set(EXPERIMENTAL if name.text == "all" else prepared.catalogue.ids(name.text) or ())
    # Only BuildKit's experimental checks: all its other checks run by default.
    return (found & set(EXPERIMENTAL)) - set(prepared.selection.rules)


def _internal(what: str, error: Exception) -> Hit:
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f" ({frame.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno})" if frame else ""
    message = f"{what} failed: {type(error).__name__}: {error}{where}"
    return Hit(0, 0, message, "this is a bug in stackferry: please report it with this file")
