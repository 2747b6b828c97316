"""What a .dockerignore excludes from the build context. `Build.context` is an `Ignore`, None without such a file.

The caller reads the file. Patterns are matched as in github.com/moby/patternmatcher, which BuildKit uses.
"""

import re
from functools import cache
from posixpath import normpath
from typing import NamedTuple

from stackferry.grammar.regex import regex

_WHOLE = ("*", "**", "**/*")
"""Patterns that exclude everything."""
_PIECE = regex(r"\*\*/?|\*|\?|\\.|\[(?:[^\]\\]|\\.)*\]|.", re.DOTALL)
_WILD = regex(r"[*?\[\\]")


class Pattern(NamedTuple):
    """A line: `text` without its `!`, cleaned as a path; `brings_back` says whether it has a `!`."""

    text: str
    brings_back: bool

    def matches(self, path: str) -> bool:
        """Whether it matches a path or a parent directory of it."""
        expression = _expression(self.text)
        if expression is None:
            return False
        parts = path.split("/")
        return any(expression.fullmatch("/".join(parts[: end + 1])) for end in range(len(parts)))

    def reaches_into(self, path: str) -> bool:
        """Whether it may match something in a directory, or one of the files that a path with wildcards matches."""
        parts = path.split("/")
        pieces = self.text.split("/")
        for number, piece in enumerate(pieces):
            if "**" in piece or number == len(parts):
                return True
            part = parts[number]
            if not (_may_match(piece, part) or _may_match(part, piece)):
                return False
        return len(pieces) == len(parts)


class Ignore:
    """A .dockerignore."""

    __slots__ = ("patterns",)

    def __init__(self, text: str) -> None:
        self.patterns = tuple(_patterns(text))

    def ignored(self, path: str) -> bool | None:
        """Whether the source of a COPY is excluded as a whole; None if that is not certain.

        `path` is relative to the context; BuildKit compares wildcards in it literally.
        """
        path = normpath(path.replace("\\", "/")).lstrip("/") or "."
        if path.startswith(".."):
            return None
        if path == ".":
            # The context itself is never excluded, only its content.
            return any(pattern.text in _WHOLE for pattern in self.patterns) and not self._brings_anything_back()
        last = -1
        for number, pattern in enumerate(self.patterns):
            if pattern.brings_back != (last >= 0):
                continue
            if pattern.matches(path):
                last = -1 if pattern.brings_back else number
        if last < 0:
            return False
        return not any(pattern.brings_back and pattern.reaches_into(path) for pattern in self.patterns[last + 1 :])

    def _brings_anything_back(self) -> bool:
        return any(pattern.brings_back for pattern in self.patterns)


def _patterns(text: str) -> list[Pattern]:
    found = []
    for line in text.removeprefix("\ufeff").splitlines():
        stripped = line.strip()
        if line.startswith("#") or not stripped:
            continue
        brings_back = stripped.startswith("!")
        pattern = stripped[1:].strip() if brings_back else stripped
        if pattern:
            cleaned = normpath(pattern)
            found.append(Pattern(cleaned.lstrip("/") if len(cleaned) > 1 else cleaned, brings_back))
    return found


@cache
def _expression(pattern: str) -> re.Pattern[str] | None:
    """A pattern as a regular expression for whole paths; None if it is invalid."""
    pieces = _PIECE.findall(pattern)
    translated = []
    for number, piece in enumerate(pieces):
        if piece in ("**", "**/"):
            # At the end it matches everything below, else any number of directories.
            translated.append(".*" if number == len(pieces) - 1 else "(?:.*/)?")
        elif piece == "*":
            translated.append("[^/]*")
        elif piece == "?":
            translated.append("[^/]")
        elif piece[0] == "[" and len(piece) > 1:
            translated.append(piece)
        elif piece[0] == "\\" and len(piece) > 1:
            translated.append(re.escape(piece[1]))
        else:
            translated.append(re.escape(piece))
    try:
        return re.compile("".join(translated), re.DOTALL)
    except re.error:
        return None


def _may_match(pattern: str, part: str) -> bool:
    if not _WILD.search(pattern):
        return pattern == part
    expression = _expression(pattern)
    return expression is None or expression.fullmatch(part) is not None
