"""Helpers that make findings of rules for tests."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from stackferry.grammar.dockerfile.facts.build import Build, build
from stackferry.grammar.dockerfile.parse import parse
from stackferry.grammar.dockerfile.source import Source
from stackferry.grammar.lint import rules
from stackferry.grammar.lint.catalogue import JUDGES
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.rule import Rule, check_of
from stackferry.grammar.lint.settings import Settings


def rooms() -> list[str]:
    """The rooms that have a table of rules, but for those about pragmas, which have no `check`."""
    found = [module.name for module in pkgutil.walk_packages(rules.__path__, f"{rules.__name__}.") if module.ispkg]
    return [name for name in found if hasattr(import_module(name), "RULES") and name not in JUDGES]


ROOMS: dict[str, str] = {rule.id: room for room in rooms() for rule in import_module(room).RULES}
"""The room of each rule, by the rule's id."""

RULES: dict[str, Rule] = {rule.id: rule for room in rooms() for rule in import_module(room).RULES}


def facts(text: str) -> Build:
    """The facts of a text."""
    return build(parse(Source(text)))


def hits(rule: str, file: Build, settings: Settings) -> Iterator[Hit]:
    """What a rule finds in a file."""
    return check_of(ROOMS[rule], RULES[rule])(file, settings)


def said(rule: str, text: str, **settings: object) -> list[str]:
    """What a rule says to a text: `line:column what-is-marked: message`."""
    file = facts(text)
    position = file.source.position
    return [
        f"{position(hit.start).line}:{position(hit.start).column} {text[hit.start : hit.end]}: {hit.message}"
        for hit in hits(rule, file, Settings(**settings))
    ]


def marked(rule: str, text: str, **settings: object) -> list[str]:
    """What a rule marks in a text: `line what-is-marked`."""
    file = facts(text)
    return [
        f"{file.source.position(hit.start).line} {text[hit.start : hit.end]}"
        for hit in hits(rule, file, Settings(**settings))
    ]
