"""Mistakes of single characters: tabs, and blanks, quotes and dashes that only look like YAML's."""

import re
from collections.abc import Iterator

from stackferry.grammar.compose.tree.letters import BLANKS, MARKS, QUOTES, plain_mark, straight, what_letter
from stackferry.grammar.compose.tree.repair.mistake import Problem, Suspect, indent, is_blank, shown
from stackferry.grammar.compose.tree.repair.quotes import colon_in_value


def tabs(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """A tab where YAML wants spaces."""
    found = re.match(r"( *)(\t[ \t]*)", lines[number])
    if found is None or number != problem.place.line:
        return
    above = next((line for line in reversed(lines[:number]) if not is_blank(line)), "")
    width = indent(above)
    rest = lines[number][found.end() :]
    for spaces in dict.fromkeys((width, width + 2, *range(width - 1, -1, -1), width + 4)):
        yield Suspect(number, found.end(1), " " * spaces + rest, "a tab is used for indentation", "indent with spaces")


def odd_blanks(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A blank that YAML does not treat as one."""
    found = BLANKS.search(lines[number])
    if found is not None:
        mended = BLANKS.sub(" ", lines[number])
        yield Suspect(
            number, found.start(), mended, f"{what_letter(found[0])}, not a space", "replace it with a plain space"
        )


def odd_quotes(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """A quote that YAML does not treat as one."""
    found = QUOTES.search(lines[number])
    if found is not None:
        line = lines[number]
        message = f"{what_letter(found[0])}, which is not a quote in YAML"
        hint = f"use straight quotes: {shown(straight(line[found.start() :]))}"
        yield Suspect(number, found.start(), straight(line), message, hint)
        # ASCII quotes may be part of a longer text, which then needs quotes around all of it.
        yield from colon_in_value([*lines[:number], straight(line)], number, problem)


def odd_marks(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A dash or colon that YAML does not treat as one."""
    found = MARKS.search(lines[number])
    if found is not None:
        mended = MARKS.sub(lambda mark: plain_mark(mark[0]), lines[number])
        message = f"{what_letter(found[0].strip())}, not {plain_mark(found[0]).strip()}"
        column = found.start() + len(found[0]) - len(found[0].lstrip())
        yield Suspect(number, column, mended, message, f"write {shown(mended)}")
