"""Lines from another language or tool: foreign comments, conflict markers of git, fences of Markdown."""

from collections.abc import Iterator

from stackferry.grammar.compose.tree.repair.mistake import Problem, Suspect, indent, shown
from stackferry.grammar.regex import regex

_COMMENT = regex(r"\s*(//+|/\*+|--+(?=\s)|;+(?=\s))\s*(.*?)\s*(?:\*/)?\s*$")
_CONFLICT = regex(r"(?:<{7}|>{7}|\|{7})(?: |$)|={7}\s*$")
_FENCE = regex(r"\s*(?:```+|~~~+)\s*[\w-]*\s*$")


def comment(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A comment of another language."""
    found = _COMMENT.match(lines[number].rstrip("\r"))
    if found is not None:
        message = f"{found[1]} does not start a comment in YAML"
        yield Suspect(number, indent(lines[number]), "", message, f"write {shown(f'# {found[2]}')}")


def conflict(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A conflict marker of git."""
    if _CONFLICT.match(lines[number]):
        hint = "keep one side, and remove the lines <<<<<<<, ======= and >>>>>>>"
        yield Suspect(number, 0, "", "an unresolved git merge conflict", hint)


def fence(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A fence of a Markdown code block."""
    if _FENCE.match(lines[number].rstrip("\r")):
        yield Suspect(number, indent(lines[number]), "", "a line of Markdown, not YAML", "remove it")
