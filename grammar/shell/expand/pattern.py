"""Shell patterns (`*`, `?`, `[a-z]`) as regular expressions with bounded run time."""

import re

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.expand.resolve import Values, part_value
from stackferry.grammar.shell.value import Value
from stackferry.grammar.shell.word import Literal, ShellWord

LONGEST = 256
"""Longest value to match, in characters; a longer one counts as not known."""

STARS = {"/": 1, "//": 1, "/#": 1, "/%": 1}
"""How many `*` a pattern may have for operators that search for the match."""

_PIECE = regex(r"(?s)\[[!^]?\]?(?:\[:[a-z]+:\]|[^\]])*\]|.")

_SPECIAL_INSIDE = regex(r"[]\\\[^&~|]")


class Pattern(Value):
    """A regular expression, and how many `*` it stands for."""

    __slots__ = (
        "source",
        "stars",
    )

    def __init__(self, source: str, stars: int) -> None:
        self.source = source
        self.stars = stars


def pattern_of(word: ShellWord, variables: Values, greedy: bool = False) -> Pattern | None:
    """The pattern in a word. None if a part is not known, or it is an extended pattern of bash."""
    segments: list[str] = [""]
    for part in word.parts:
        value = part_value(part, variables)
        if value is None or len(value) > LONGEST:
            return None
        if type(part) is Literal and "(" in value and not part.quoted:
            return None
        if "[:" in value:
            return None
        for found in _PIECE.finditer(value):
            if found[0] == "*" and not _quoted(part):
                segments.append("")
                continue
            piece = re.escape(found[0]) if _quoted(part) else _single(found[0])
            if piece is None:
                return None
            segments[-1] += piece
    stars = len(segments) - 1
    if greedy:
        return Pattern(".*".join(segments), stars)
    if not stars:
        return Pattern(segments[0], 0)
    # A star matches as little as possible, without backtracking: another star follows, so no other choice could help.
    middle = "".join(f"(?>.*?{segment})" for segment in segments[1:-1])
    return Pattern(f"{segments[0]}{middle}.*{segments[-1]}", stars)


def _quoted(part: object) -> bool:
    return bool(getattr(part, "quoted", True))


def _single(piece: str) -> str | None:
    """One character or set of characters; None for a set that shells interpret differently, such as `[z-a]`."""
    if piece == "?":
        return "."
    if len(piece) == 1:
        return re.escape(piece)
    inside = piece[1:-1]
    negated = inside[:1] in ("!", "^")
    inside = _SPECIAL_INSIDE.sub(r"\\\g<0>", inside[negated:]).replace("--", "-\\-")
    try:
        re.compile(f"[{inside}]")
    except re.error:
        return None
    return f"[{'^' if negated else ''}{inside}]"
