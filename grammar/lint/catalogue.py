"""The catalogue: every rule by its id and its aliases. Selection, pragmas and `lint --rules` look ids up here.

A rule package (`rules/<family>[/<topic>]`) has a table `RULES` in its `__init__.py`; the catalogue joins the tables of
`ROOMS`. Ids without a row are known as well: ShellCheck's, those that hadolint retired, and checks of
BuildKit that need a registry.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

from stackferry.grammar.lint.problems import PROBLEMS
from stackferry.grammar.lint.rule import Check, Rule, check_of
from stackferry.grammar.regex import regex
from stackferry.grammar.suggest import closest

_RULES = "stackferry.grammar.lint.rules"
ROOMS: tuple[str, ...] = (
    f"{_RULES}.buildkit",
    f"{_RULES}.hadolint.commands",
    f"{_RULES}.hadolint.images",
    f"{_RULES}.hadolint.instructions",
    f"{_RULES}.hadolint.labels",
    f"{_RULES}.hadolint.packages",
    f"{_RULES}.hadolint.stages",
    f"{_RULES}.own.build",
    f"{_RULES}.own.commands",
    f"{_RULES}.own.files",
    f"{_RULES}.own.instructions",
    f"{_RULES}.own.scope",
    f"{_RULES}.own.stages",
    f"{_RULES}.security",
    f"{_RULES}.own.pragmas",
)
"""The rule packages, in the order in which their rules are listed, as dotted names."""

JUDGES = frozenset({f"{_RULES}.own.pragmas"})
"""Packages of rules that check pragmas against the results of all other rules."""

SHELLCHECK_ID = regex(r"SC[0-9]{4}")
"""Ids of ShellCheck are always known: which ones exist depends on its version."""

RETIRED = frozenset({"DL3005", "DL3017", "DL3031", "DL3039", "DL4002"})
"""Rules that hadolint has removed. They are accepted wherever an id is, and select nothing."""

ELSEWHERE = frozenset({"DL1000", "InvalidBaseImagePlatform"})
"""Valid ids that name no rule of ours.

hadolint reports DL1000 if it cannot parse a file, and no configuration of it switches that off;
InvalidBaseImagePlatform needs the image from a registry.
"""

_LETTERS_FOR_DIGITS = str.maketrans("OIL", "011")
_BUILDKIT_NAME = regex(r"[A-Z][A-Za-z]*[a-z][A-Za-z]*")


class Listed(NamedTuple):
    """A rule and the package (dotted name) that lists it; the package is empty for problems that the parser reports."""

    rule: Rule
    room: str


class Catalogue:
    """All rules of some packages.

    An alias may name several rules: BuildKit's MultipleInstructionsDisallowed is DL3012, DL4003 and DL4004.
    """

    __slots__ = ("_listed", "_named", "rules")

    def __init__(self, listed: Iterable[Listed]) -> None:
        self._listed: dict[str, Listed] = {}
        self._named: dict[str, tuple[str, ...]] = {}
        for row in listed:
            rule = row.rule
            if rule.id in self._listed:
                raise ValueError(f"two rules have the ID {rule.id}")
            self._listed[rule.id] = row
            for name in (rule.id, *rule.aliases):
                self._named[name] = (*self._named.get(name, ()), rule.id)
        self.rules: tuple[Rule, ...] = tuple(row.rule for row in self._listed.values())

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __contains__(self, name: str) -> bool:
        """Whether an id or alias is valid, though it may name no rule of ours."""
        return self.ids(name) is not None

    def rule(self, identifier: str) -> Rule | None:
        """The rule with an id (not an alias)."""
        row = self._listed.get(identifier)
        return row.rule if row else None

    def ids(self, name: str) -> tuple[str, ...] | None:
        """The ids that an id or alias stands for; empty if it names no rule of ours, None if it is unknown."""
        if SHELLCHECK_ID.fullmatch(name):
            return (name,)
        if name in RETIRED or name in ELSEWHERE:
            return ()
        return self._named.get(name)

    def names(self) -> tuple[str, ...]:
        """Every id and alias, in catalogue order."""
        return tuple(self._named)

    def check(self, identifier: str) -> Check | None:
        """The check of a rule; None for a parser's problem or a `Judge`.

        Imports the rule's module.
        """
        row = self._listed[identifier]
        return check_of(row.room, row.rule) if row.room and row.room not in JUDGES else None

    def is_judge(self, identifier: str) -> bool:
        """Whether a rule needs the results of all others, and so runs after them (`rule.Judge`)."""
        return self._listed[identifier].room in JUDGES

    def room(self, identifier: str) -> str:
        """The package that lists a rule; empty for the parser's problems."""
        return self._listed[identifier].room

    def suggestion(self, name: str) -> str:
        """The known id or alias closest to an unknown one; empty if none is close.

        Numbers are never close to each other: DL3005 is not DL3006 mistyped.
        """
        upper = name.upper()
        digits = upper[:2] + upper[2:].translate(_LETTERS_FOR_DIGITS)
        for meant in (upper, digits):
            if SHELLCHECK_ID.fullmatch(meant) or meant in self._named:
                return meant
        return closest(name, (known for known in self._named if not known[-1].isdigit()))

    @property
    def optional(self) -> tuple[Rule, ...]:
        """The rules that sets and families may contain: all but the parser's problems."""
        return tuple(row.rule for row in self._listed.values() if row.room)


def is_buildkit_name(name: str) -> bool:
    """Whether an id or alias looks like the name of a BuildKit check: `FromAsCasing`."""
    return _BUILDKIT_NAME.fullmatch(name) is not None


def is_buildkit_check(rule: Rule) -> bool:
    """Whether BuildKit has the rule too, so that `# check=` applies to it."""
    return is_buildkit_name(rule.id) or any(is_buildkit_name(alias) for alias in rule.aliases)


def rows(rooms: Iterable[str]) -> Iterator[Listed]:
    """The rows of some packages, in order. Imports the packages, but no module of a rule."""
    for room in rooms:
        for rule in import_module(room).RULES:
            yield Listed(rule, room)


def of_rooms(rooms: Iterable[str]) -> Catalogue:
    """The catalogue of some packages, and of the parser's problems."""
    return Catalogue((*rows(rooms), *(Listed(rule, "") for rule in PROBLEMS)))


@cache
def catalogue() -> Catalogue:
    """The catalogue of this release."""
    return of_rooms(ROOMS)
