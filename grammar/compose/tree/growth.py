"""Measures how large a load becomes, for the bound on everything that multiplies (`Diagnostics.grow`).

This covers extended services, included files, port ranges, env files and merged documents. Aliases
have their own bound in `read.py`, the text of variables in `compose/phases/template.py`.
"""

from collections.abc import Iterator, Mapping

from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.diagnostics import Diagnostics

LONG = 100
"""Text counts as one more value for each this many characters."""


def size(node: Node) -> int:
    """The number of values in a tree, this one included; long text counts as several."""
    value = node.value
    kind = type(value)
    if kind is str:
        return 1 + len(value) // LONG
    total = 1
    if kind is dict:
        for name, child in value.items():
            total += size(child) + len(name) // LONG
    elif kind is list:
        for child in value:
            total += size(child)
    return total


class Bounded(Mapping[str, str]):
    """Variables whose values are copied; the total length of the copies is bounded."""

    __slots__ = ("report", "variables")

    def __init__(self, variables: Mapping[str, str], report: Diagnostics) -> None:
        self.variables = variables
        self.report = report

    def __getitem__(self, name: str) -> str:
        value = self.variables[name]
        if len(value) > LONG:
            self.report.grow(len(value) // LONG, "values of variables", None)
        return value

    def __contains__(self, name: object) -> bool:
        return name in self.variables

    def __iter__(self) -> Iterator[str]:
        return iter(self.variables)

    def __len__(self) -> int:
        return len(self.variables)
