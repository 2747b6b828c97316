"""The patterns of `${v#p}`, `${v%p}` and `${v/p/r}`: `*` matches any text, `?` any character, neither a newline.

Used by `evaluate.py`. BuildKit turns a pattern into a regular expression, which Go matches in linear time; in Python
the same expression could take ages (`*a*a*a*a*b`). So the text between two stars is an atomic group, which is never
retried: its leftmost match leaves the most room for the rest, and only the last group may look for its rightmost match.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from stackferry.grammar.dockerfile.source import BOM

_REFERENCE = r"\$(?:\$|(\{?)(\w+)(\}?))"
_NOT_A_CHARACTER = "\ufffd"
"""What Go's messages show for the end of the text."""


class PatternError(Exception):
    """A pattern that BuildKit refuses: it has a backslash before a character that needs no escape."""


def without_prefix(value: str, pattern: str, *, longest: bool) -> str:
    """`${value#pattern}`, or with `longest` `${value##pattern}`."""
    least, _, whole = _expressions(pattern, longest)
    match = re.match(whole, value) if least <= len(value) else None
    return value[match.end() :] if match else value


def without_suffix(value: str, pattern: str, *, longest: bool) -> str:
    """`${value%pattern}`, or with `longest` `${value%%pattern}`: both are reversed, and the prefix is removed."""
    return without_prefix(value[::-1], _reversed(pattern), longest=longest)[::-1]


def with_replaced(value: str, pattern: str, replacement: str, *, every: bool, limit: int) -> str | None:
    """`${value/pattern/replacement}`, or with `every` `${value//pattern/replacement}`; None if it exceeds a limit."""
    parts: list[str] = []
    size, written = len(value), 0
    for start, end in _matches(value, pattern):
        parts.append(value[written:start])
        if end > written or start == 0:
            # As in Go: an empty match directly after another match is not replaced.
            parts.append(_filled(replacement, value[start:end]) if every else replacement)
            size += len(parts[-1])
        written = end
        if not every or size > limit:
            break
    return None if size > limit else "".join((*parts, value[written:]))


def has_match(value: str, pattern: str) -> bool:
    """Whether a pattern matches anywhere in a value."""
    return next(_matches(value, pattern), None) is not None


def _matches(value: str, pattern: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a pattern's matches in a value, from left to right, each as long as possible."""
    least, start_expression, expression = _expressions(pattern, True)
    if least > len(value):
        return
    first, whole = re.compile(start_expression), re.compile(expression)
    at = 0
    while at <= len(value) and (candidate := first.search(value, at)):
        start = candidate.start()
        match = whole.match(value, start)
        if match:
            yield match.span()
            at = max(match.end(), start + 1)
            continue
        # If the leftmost start in a line does not match, no other in that line does.
        at = value.find("\n", start) + 1
        if at == 0:
            return


def _filled(replacement: str, found: str) -> str:
    """A replacement as Go expands it when every match is replaced: `$0` is the match, `$name` empty, `$$` a `$`."""
    if "$" not in replacement:
        return replacement

    def value(reference: re.Match[str]) -> str:
        brace, name, closing = reference.groups()
        if name is None:
            return "$"
        end = next((at for at, letter in enumerate(name) if not _is_of_name(letter)), len(name))
        if end == 0 or (brace and (not closing or end < len(name))):
            return reference[0]
        return (found if name[:end] == "0" else "") + name[end:] + ("" if brace else closing)

    return re.sub(_REFERENCE, value, replacement)


def _is_of_name(letter: str) -> bool:
    return letter == "_" or letter.isalpha() or letter.isdecimal()


@lru_cache(maxsize=64)
def _expressions(pattern: str, longest: bool) -> tuple[int, str, str]:
    """The least length of a match, and the regular expressions of the part before the first star, and of all.

    They are not compiled here: a pattern longer than the value cannot match.
    """
    segments = _segments(pattern)
    expressions = ["".join(segment) for segment in segments]
    parts = [expressions[0], *(f"(?>.*?{expression})" for expression in expressions[1:])]
    if longest and len(parts) > 1:
        parts[-1] = f".*{expressions[-1]}"
    return sum(map(len, segments)), expressions[0], "".join(parts)


def _segments(pattern: str) -> list[list[str]]:
    """The parts of a pattern between its stars, as expressions of one character each."""
    segment: list[str] = []
    segments = [segment]
    at = len(BOM) if pattern.startswith(BOM) else 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            if segment or len(segments) == 1:
                segment = []
                segments.append(segment)
        elif character == "?":
            segment.append(".")
        elif character != "\\":
            segment.append(re.escape(character))
        elif pattern[at : at + 1] not in ("}", "/"):
            follower = pattern[at : at + 1] or _NOT_A_CHARACTER
            if follower not in "*?\\":
                raise PatternError(f"invalid pattern ({pattern}) in substitution: invalid escape '\\{follower}'")
            segment.append(re.escape(follower))
            at += 1
    return segments


def _reversed(pattern: str) -> str:
    """A pattern reversed; an escape character stays before the character it escapes, and at the end is literal."""
    units: list[str] = []
    at = 0
    while at < len(pattern):
        size = 2 if pattern[at] == "\\" and at + 1 < len(pattern) else 1
        units.append(pattern[at : at + size])
        at += size
    return "".join(reversed(units))
