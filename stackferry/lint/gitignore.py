"""Decides what git would ignore: parses .gitignore files into patterns and matches paths against them.

Implemented here and not by calling git, so that a folder gives the same files in a container without git, in a folder
whose owner git does not trust, and in an unpacked archive. Tests compare it with `git check-ignore`. As in git, a byte
is a character: `?` matches half of an `é`.
"""

import os
import re
from typing import NamedTuple

_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \t",
    "cntrl": "\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": " \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


_BOM = b"\xef\xbb\xbf"


class Pattern(NamedTuple):
    """A line. `anchored`: it is matched against the path from its folder, else only against the last part."""

    expression: re.Pattern[bytes]
    negated: bool
    folders_only: bool
    anchored: bool


class IgnoreFile:
    """The patterns of one file, for paths below an absolute folder."""

    __slots__ = ("folder", "patterns")

    def __init__(self, folder: str, content: bytes) -> None:
        self.folder = folder
        self.patterns = patterns(content)

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """True if the file ignores an absolute path, False if it re-includes it, None if no pattern matches.

        The last matching line decides.
        """
        inside = os.fsencode(path[len(self.folder.rstrip("/")) + 1 :])
        last = inside.rpartition(b"/")[2]
        for pattern in reversed(self.patterns):
            if pattern.folders_only and not is_folder:
                continue
            if pattern.expression.fullmatch(inside if pattern.anchored else last):
                return not pattern.negated
        return None


def ignored(path: str, files: tuple[IgnoreFile, ...], *, is_folder: bool) -> bool:
    """Whether a path is ignored. The innermost file with a matching line decides; `files` start with the outermost.

    Nothing below an ignored folder can be re-included: the caller does not descend into it.
    """
    for file in reversed(files):
        verdict = file.verdict(path, is_folder=is_folder)
        if verdict is not None:
            return verdict
    return False


def patterns(content: bytes) -> tuple[Pattern, ...]:
    """The patterns of a .gitignore file, in order."""
    text = content.removeprefix(_BOM).decode("latin-1")
    lines = (line.removesuffix("\r") for line in text.split("\n"))
    return tuple(pattern for line in lines if (pattern := _pattern(line)) is not None)


def _pattern(line: str) -> Pattern | None:
    if line.startswith("#"):
        return None
    line = _without_trailing_blanks(line)
    negated = line.startswith("!")
    line = line[negated:]
    folders_only = line.endswith("/")
    line = line.removesuffix("/")
    anchored = "/" in line
    line = line.removeprefix("/")
    expression = _expression(line) if line else None
    if expression is None:
        return None
    return Pattern(expression, negated, folders_only, anchored)


def _without_trailing_blanks(line: str) -> str:
    """A line without trailing blanks, except those escaped with a backslash."""
    end = len(line.rstrip(" "))
    backslashes = len(line[:end]) - len(line[:end].rstrip("\\"))
    return line[: end + 1] if backslashes % 2 and end < len(line) else line[:end]


def _expression(glob: str) -> re.Pattern[bytes] | None:
    """Git's wildmatch pattern as a regular expression; None for a pattern that matches nothing."""
    parts: list[str] = []
    at, size = 0, len(glob)
    while at < size:
        char = glob[at]
        if char == "*":
            end = at
            while end < size and glob[end] == "*":
                end += 1
            at, piece = _stars(glob, at, end)
            parts.append(piece)
        elif char == "?":
            parts.append("[^/]")
            at += 1
        elif char == "[":
            end, piece = _bracket(glob, at)
            if not end:
                return None
            parts.append(piece)
            at = end
        elif char == "\\":
            if at + 1 == size:
                return None
            parts.append(re.escape(glob[at + 1]))
            at += 2
        else:
            parts.append(re.escape(char))
            at += 1
    try:
        return re.compile("".join(parts).encode("latin-1"), re.DOTALL)
    except re.error:
        return None


def _stars(glob: str, start: int, end: int) -> tuple[int, str]:
    """The index after some stars, and their regular expression. `/**/` matches any number of folders."""
    before = start == 0 or glob[start - 1] == "/"
    if end - start >= 2 and before:
        if end == len(glob):
            return end, ".+" if start else ".*"
        if glob[end] == "/":
            return end + 1, "(?:.*/)?"
    return end, "[^/]*"


def _bracket(glob: str, start: int) -> tuple[int, str]:
    """The end of a `[…]`, and its regular expression; 0 if it is never closed."""
    at = start + 1
    negated = glob[at : at + 1] in ("!", "^")
    at += negated
    members: list[str] = []
    first = True
    while at < len(glob) and (glob[at] != "]" or first):
        first = False
        if glob.startswith("[:", at) and (end := glob.find("]", at + 2)) > at + 2 and glob[end - 1] == ":":
            name = glob[at + 2 : end - 1]
            if name not in _CLASSES:
                return 0, ""
            members.append(_CLASSES[name])
            at = end + 1
            continue
        low, at = _member(glob, at)
        if glob[at : at + 1] == "-" and glob[at + 1 : at + 2] not in ("", "]"):
            high, at = _member(glob, at + 1)
            # A reversed range matches only its first character.
            members.append(f"{re.escape(low)}-{re.escape(high)}" if low <= high else re.escape(low))
        else:
            members.append(re.escape(low))
    if at >= len(glob):
        return 0, ""
    inside = "".join(members)
    if negated:
        return at + 1, f"[^/{inside}]"
    return at + 1, f"(?!/)[{inside}]" if inside else "(?!)"


def _member(glob: str, at: int) -> tuple[str, int]:
    if glob[at] == "\\" and at + 1 < len(glob):
        return glob[at + 1], at + 2
    return glob[at], at + 1
