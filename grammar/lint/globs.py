"""Globs of `per-file-ignores`: `*` does not match `/`, `**` does; a glob without `/` matches file names."""

import re
from functools import cache

from stackferry.grammar.regex import regex

_PIECE = regex(r"\*\*/|\*\*|\*|\?|\[!?[^\]]+\]|.", re.DOTALL)
_TRANSLATED = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matches(glob: str, path: str) -> bool:
    """Whether a glob matches a path, both relative to the same directory. A glob of a directory matches its content."""
    path = path.replace("\\", "/").removeprefix("./")
    glob = glob.replace("\\", "/").removeprefix("./").rstrip("/")
    if "/" not in glob and _pattern(glob).fullmatch(path.rsplit("/", 1)[-1]):
        return True
    return _pattern(glob + "/**").fullmatch(path) is not None or _pattern(glob).fullmatch(path) is not None


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    try:
        return re.compile("".join(_translated(piece) for piece in _PIECE.findall(glob)), re.DOTALL)
    except re.error:  # a reversed range: `[z-a]`
        return re.compile(re.escape(glob))


def _translated(piece: str) -> str:
    if piece in _TRANSLATED:
        return _TRANSLATED[piece]
    if piece.startswith("[") and len(piece) > 1:
        negated = piece[1] == "!"
        letters = piece[2:-1] if negated else piece[1:-1]
        escaped = letters.replace("\\", "\\\\").replace("^", "\\^").replace("[", "\\[")
        return f"[{'^' if negated else ''}{escaped}]"
    return re.escape(piece)
