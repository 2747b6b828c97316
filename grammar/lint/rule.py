"""A rule as the catalogue lists it: a row has all data; the check is in the rule's module.

`rules/<family>/<room>/__init__.py` has the rows; the module of a rule is in the same package, under the rule's id in
lower case with `_` for `-` and before inner capitals (`DL3008` is `dl3008.py`, `FromAsCasing` is `from_as_casing.py`).
It has one function, `check(file, settings)`, which yields hits in file order, and a docstring that is the rule's
page. A module is imported only when its rule is selected.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol

from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings
    from stackferry.grammar.lint.silencer import Silencer

OFF = "ignore"
"""The severity of a rule that is off unless it is selected by name."""

_INNER_CAPITAL = regex(r"(?<=[a-z])(?=[A-Z])")


class Check(Protocol):
    """The function of a rule's module."""

    def __call__(self, file: "Build", settings: "Settings") -> "Iterator[Hit]":
        """The rule's hits in a file."""


class Judge(Protocol):
    """The function of a rule about pragmas, which checks what pragmas have suppressed."""

    def __call__(self, silencer: "Silencer", ran: "Callable[[str], bool]") -> "Iterator[Hit]":
        """The rule's hits; `ran` returns whether the rule of an id ran."""


class Rule(NamedTuple):
    """A row of the catalogue.

    `sets` are its sets beside `all`: recommended, security, hadolint. `hadolint:info` is in the set hadolint
    with a severity that differs from ours; `hadolint:ignore` is in it, too, but off. `aliases` are ids of the same
    rule elsewhere. `since` is the release that added it. `keywords`: a file without any of these instructions
    cannot have a hit, so the rule's module is not imported for it; empty if no such list is possible.
    """

    id: str
    severity: str
    summary: str
    sets: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    since: str = "0.1.0"
    keywords: tuple[str, ...] = ()

    def severity_in(self, chosen: str) -> str:
        """The severity of the rule in a set; empty if it is not in the set."""
        if chosen == "all" or chosen in self.sets:
            return self.severity
        other = next((name for name in self.sets if name.startswith(f"{chosen}:")), "")
        return other.partition(":")[2].replace(OFF, "")


def module_name(identifier: str) -> str:
    """The name of a rule's module: `FromAsCasing` to `from_as_casing`, `arg-out-of-scope` to `arg_out_of_scope`."""
    return _INNER_CAPITAL.sub("_", identifier).replace("-", "_").lower()


def check_of(room: str, rule: Rule) -> Check:
    """The check of a rule in a package (dotted name)."""
    found: Check = import_module(f"{room}.{module_name(rule.id)}").check
    return found


def judge_of(room: str, identifier: str) -> "Judge":
    """The function of a rule about pragmas in a package."""
    found: Judge = import_module(f"{room}.{module_name(identifier)}").judge
    return found
