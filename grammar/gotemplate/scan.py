"""Scans a template into pieces: text, actions, comments. First step of `parse.py`.

Handles trim markers: `{{- ` removes the white space before the action, ` -}}` that after it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from stackferry.grammar.gotemplate.error import TemplateError
from stackferry.grammar.regex import regex

SPACE = " \t\r\n"

_STEP = regex(
    r"""(?P<close>\}\})|"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])*'|[^"`'}]+|\}""",
    re.DOTALL,
)
_COMMENT_END = regex(r"\*/([ \t\r\n]+-)?\}\}")


class Piece(NamedTuple):
    """Text, or the inside of an action. `at` is the offset of the text or of the inside."""

    is_action: bool
    text: str
    at: int


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a template; comments and empty text are left out."""
    end, trims = 0, False
    while (start := text.find("{{", end)) >= 0:
        inside = start + 2
        trims_left = text[inside : inside + 1] == "-" and text[inside + 1 : inside + 2] in (*SPACE,)
        if trims_left:
            inside += 2
        before = text[end:start]
        before = before.lstrip(SPACE) if trims else before
        before = before.rstrip(SPACE) if trims_left else before
        if before:
            yield Piece(False, before, end)
        while trims_left and text[inside : inside + 1] in (*SPACE,):
            inside += 1
        if text.startswith("/*", inside):
            end, trims = _comment(text, inside)
        else:
            close = _close(text, inside, start)
            action, end = text[inside:close], close + 2
            trims = action[-1:] == "-" and action[-2:-1] in (*SPACE,)
            yield Piece(True, action[:-1] if trims else action, inside)
    rest = text[end:].lstrip(SPACE) if trims else text[end:]
    if rest:
        yield Piece(False, rest, end)


def _comment(text: str, start: int) -> tuple[int, bool]:
    """The offset after the comment, and whether it trims the following text."""
    close = text.find("*/", start + 2)
    if close < 0:
        raise TemplateError("unclosed comment", text, start, "close it with */}}")
    found = _COMMENT_END.match(text, close)
    if found is None:
        raise TemplateError("comment ends before closing delimiter", text, start, "write {{/* … */}}")
    return found.end(), found[1] is not None


def _close(text: str, position: int, start: int) -> int:
    """The offset of the end of the action that begins at `start`."""
    while found := _STEP.match(text, position):
        if found["close"]:
            return found.start()
        position = found.end()
    if position < len(text):
        raise TemplateError("unterminated quoted string", text, position, "close the quote")
    raise TemplateError("unclosed action", text, start, "close it with }}; for literal braces write {{`{{`}}")
