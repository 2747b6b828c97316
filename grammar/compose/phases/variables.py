"""The variables that a stack uses: what `config --variables` lists.

Reads a tree that was not interpolated, after all phases: a value that an override replaced uses no variables.
"""

from collections.abc import Mapping
from typing import NamedTuple

from stackferry.grammar.compose.phases.interpolate import span_of_dollar
from stackferry.grammar.compose.phases.template import TemplateError, variables
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.key_path import dotted


class Wanted(NamedTuple):
    """A variable, over all its uses: whether any requires it, the first default, the first alternate value."""

    name: str
    required: bool = False
    default: str = ""
    alternate: str = ""


def wanted_variables(root: Node, report: Diagnostics, sources: Mapping[str, str] | None = None) -> list[Wanted]:
    """The variables of all values, sorted by name; values that cannot be interpolated are reported.

    `sources` are the texts of files by name, as in `interpolate`.
    """
    found: dict[str, Wanted] = {}
    for path, node in root.walk():
        # The project name is settled before the files are loaded.
        if type(node.value) is not str or "$" not in node.value or path == ("name",):
            continue
        try:
            for name, operator, word in variables(node.value):
                seen = found.get(name, Wanted(name))
                found[name] = Wanted(
                    name,
                    seen.required or operator.endswith("?"),
                    seen.default or (word if operator.endswith("-") else ""),
                    seen.alternate or (word if operator.endswith("+") else ""),
                )
        except TemplateError as error:
            report.error(
                "interpolation-invalid", f"{dotted(path)}: {error}", span_of_dollar(node, error, sources or {})
            )
    return [found[name] for name in sorted(found)]
