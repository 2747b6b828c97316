"""Turns libyaml's syntax error into a finding: the likely mistake behind it, else libyaml's own message.

`read.py` calls it when a file cannot be read.
"""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import yaml

from stackferry.grammar.compose.tree.node import Mark
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.source import Span

if TYPE_CHECKING:
    from stackferry.grammar.compose.tree.repair.mistake import Mistake

DEEPEST = 100
"""Deepest nesting: a real compose file has about ten levels; Python's own stack ends near a thousand."""


def at(name: str, mark: Mark | None) -> Span:
    """The place of a mark; without one, the beginning of the file."""
    return Span(name, mark.line + 1, mark.column + 1) if mark else Span(name, 1, 1)


def tell_of(
    error: yaml.MarkedYAMLError, name: str, content: bytes, report: Diagnostics, parser: Callable[[Any], Any]
) -> None:
    """Report a syntax error: a known typing mistake, else libyaml's message and where it stopped."""
    # A bracket or quote that is never closed has to be mended where it opens, not at the end of the file.
    began = error.context_mark
    backwards = error.problem in _BACKWARDS and began
    where = backwards or error.problem_mark or began
    problem = " ".join(str(part) for part in (error.context, error.problem) if part)
    if "maximum nesting depth" in problem:
        # libyaml from 0.2.6 on has its own limit, and reaches it before ours because it looks ahead.
        report.error("yaml-too-deep", f"nested more than {DEEPEST} levels deep", at(name, where))
        return
    mistake = _mistake(error, problem, content, parser)
    if mistake is None:
        report.error("yaml-syntax", problem, at(name, where), _syntax_hint(problem))
    else:
        place = mistake.place
        report.error("yaml-syntax", mistake.message, Span(name, place.line + 1, place.column + 1), mistake.hint)


def _mistake(error: yaml.MarkedYAMLError, words: str, content: bytes, parser: Callable[[Any], Any]) -> "Mistake | None":
    # Imported here: only a run that found a mistake pays for it.
    from stackferry.grammar.compose.tree.repair.mistake import Place, Problem
    from stackferry.grammar.compose.tree.repair.search import find_mistake

    def place(mark: Mark | None) -> Place | None:
        return Place(mark.line, mark.column) if mark else None

    def reached(text: str) -> Place | None:
        reader = parser(io.BytesIO(text.encode()))
        try:
            while type(reader.get_event()) is not yaml.StreamEndEvent:
                pass
        except yaml.MarkedYAMLError as stopped:
            return place(stopped.problem_mark or stopped.context_mark) or Place(0, 0)
        except yaml.YAMLError:
            return Place(0, 0)
        return None

    where = place(error.problem_mark or error.context_mark)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return find_mistake(text, Problem(words, where, place(error.context_mark)), reached) if where else None


_BACKWARDS = (
    *("found unexpected end of stream", "could not find expected ':'"),
    *("did not find expected ',' or ']'", "did not find expected ',' or '}'"),
)
"""Problems that libyaml notices only after their cause."""
_HINTS = {
    "found character that cannot start any token": "indent with spaces; quote a value that starts with @ or `",
    "mapping values are not allowed": "check the indentation, and quote a value that contains ': '",
    "did not find expected key": "check the indentation and the quotes of the lines above",
    "could not find expected ':'": "look for a key without ':', or a value on the wrong line",
    "did not find expected ','": "close what starts here, or add the missing comma",
    "found unexpected end of stream": "close what starts here",
    "found undefined tag handle": "use only !reset, !override and the standard tags (!!str …)",
}


def _syntax_hint(problem: str) -> str:
    return next((hint for part, hint in _HINTS.items() if part in problem), "")
