"""`# shellcheck disable=SC2086` on a comment line above a RUN, or between its continued lines.

The builder removes such a line before ShellCheck could see it, so it is applied here. It applies from its line to the
end of the RUN: the `&&` list that most RUN are is one command to ShellCheck too. In heredocs, ShellCheck applies it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stackferry.grammar.dockerfile.instruction import Comment
from stackferry.grammar.regex import regex

_DIRECTIVE = regex(r"shellcheck\s+(.*)", re.DOTALL)
_CODES = regex(r"(?:SC)?([0-9]{4})(?:-(?:SC)?([0-9]{4}))?")


class Disabled(NamedTuple):
    """Codes from `first` to `last` are disabled after an offset of the source."""

    first: int
    last: int
    after: int

    def covers(self, code: str, offset: int) -> bool:
        """Whether it applies to a code (`SC2086`) at an offset."""
        return offset > self.after and self.first <= int(code.removeprefix("SC")) <= self.last


def disabled(comments: Iterable[Comment]) -> tuple[Disabled, ...]:
    """What the comments above or inside an instruction disable."""
    return tuple(_disabled(comments))


def _disabled(comments: Iterable[Comment]) -> Iterator[Disabled]:
    for comment in comments:
        directive = _DIRECTIVE.fullmatch(comment.text)
        if directive is None:
            continue
        for word in directive[1].partition("#")[0].split():
            name, _, values = word.partition("=")
            for value in values.split(",") if name == "disable" else ():
                codes = _CODES.fullmatch(value)
                if value == "all":
                    yield Disabled(0, 9999, comment.start)
                elif codes is not None:
                    yield Disabled(int(codes[1]), int(codes[2] or codes[1]), comment.start)
