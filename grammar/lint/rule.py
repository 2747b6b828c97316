"""A rule as the catalogue lists it: its row says everything but how it checks, which its module does.

`rules/<family>/<room>/__init__.py` has the rows; the module of a rule is in the same room, under the rule's id in lower
case with `_` for `-` and before inner capitals (`DL3008` is `dl3008.py`, `FromAsCasing` is `from_as_casing.py`). It has
one function, `check(file, settings)`, which yields hits in the order of the file, and a docstring that is the rule's
page. Modules are imported when their rule is selected, not before.
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
    """The function of the module of a rule about pragmas: they are judged by what they silenced."""

    def __call__(self, silencer: "Silencer", ran: "Callable[[str], bool]") -> "Iterator[Hit]":
        """The rule's hits; `ran` tells of an id whether its rule ran."""


class Rule(NamedTuple):
    """A row of the catalogue.

    `sets` are those it belongs to beside `all`: recommended, security, hadolint. `hadolint:info` belongs to hadolint
    with another severity than ours; `hadolint:ignore` is hadolint's too, but off there. `aliases` are ids of the same
    rule elsewhere. `since` is the release that brought it. `keywords`: a file with none of these instructions has
    nothing to find, so that the rule's module is not imported for it; empty if that cannot be said.
    """

    id: str
    severity: str
    summary: str
    sets: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    since: str = "0.1.0"
    keywords: tuple[str, ...] = ()

    def severity_in(self, chosen: str) -> str:
        """The severity that the rule has in a set; empty if it does not belong to it."""
        if chosen == "all" or chosen in self.sets:
            return self.severity
        other = next((name for name in self.sets if name.startswith(f"{chosen}:")), "")
        return other.partition(":")[2].replace(OFF, "")


def module_name(identifier: str) -> str:
    """The name of a rule's module: `FromAsCasing` to `from_as_casing`, `arg-out-of-scope` to `arg_out_of_scope`."""
    return _INNER_CAPITAL.sub("_", identifier).replace("-", "_").lower()


def check_of(room: str, rule: Rule) -> Check:
    """The check of a rule that is listed in a room (a dotted package name)."""
    found: Check = import_module(f"{room}.{module_name(rule.id)}").check
    return found


def judge_of(room: str, identifier: str) -> "Judge":
    """The function of a rule about pragmas that is listed in a room."""
    found: Judge = import_module(f"{room}.{module_name(identifier)}").judge
    return found
