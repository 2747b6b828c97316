"""The patterns of `${v#p}`, `${v%p}` and `${v/p/r}`: `*` is any run, `?` any character, neither crosses a line feed.

Used by `evaluate.py`. BuildKit makes a regular expression of a pattern, which Go matches in linear time; in Python the
same expression could take ages (`*a*a*a*a*b`). So what stands between two stars is a group that is never tried again
(atomic): its leftmost place leaves the most room for what follows, and only the last may look for its rightmost one.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from stackferry.grammar.dockerfile.source import BOM

_REFERENCE = r"\$(?:\$|(\{?)(\w+)(\}?))"
_NOT_A_CHARACTER = "\ufffd"
"""What Go's messages show for the end of the text."""


class PatternError(Exception):
    """A pattern that BuildKit refuses: it has a backslash before a character that needs none."""


def without_prefix(value: str, pattern: str, *, longest: bool) -> str:
    """`${value#pattern}`, or with `longest` `${value##pattern}`."""
    least, _, whole = _expressions(pattern, longest)
    match = re.match(whole, value) if least <= len(value) else None
    return value[match.end() :] if match else value


def without_suffix(value: str, pattern: str, *, longest: bool) -> str:
    """`${value%pattern}`, or with `longest` `${value%%pattern}`: both are reversed, and a prefix is cut off."""
    return without_prefix(value[::-1], _reversed(pattern), longest=longest)[::-1]


def with_replaced(value: str, pattern: str, replacement: str, *, every: bool, limit: int) -> str | None:
    """`${value/pattern/replacement}`, or with `every` `${value//pattern/replacement}`; None if it exceeds a limit."""
    parts: list[str] = []
    size, written = len(value), 0
    for start, end in _matches(value, pattern):
        parts.append(value[written:start])
        if end > written or start == 0:
            # As in Go: nothing is put where an empty match follows another match directly.
            parts.append(_filled(replacement, value[start:end]) if every else replacement)
            size += len(parts[-1])
        written = end
        if not every or size > limit:
            break
    return None if size > limit else "".join((*parts, value[written:]))


def has_match(value: str, pattern: str) -> bool:
    """Whether a pattern stands somewhere in a value."""
    return next(_matches(value, pattern), None) is not None


def _matches(value: str, pattern: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a pattern in a value, from left to right, each as long as it can be."""
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
        # The leftmost start in a line had the best chances of all in that line.
        at = value.find("\n", start) + 1
        if at == 0:
            return


def _filled(replacement: str, found: str) -> str:
    """A replacement as Go fills it in where every match is replaced: `$0` is the match, `$name` nothing, `$$` a `$`."""
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
    """How many characters a pattern needs, and the regular expressions of what is before its first star, and of all.

    They are not compiled here: a pattern that is longer than the value cannot be in it.
    """
    segments = _segments(pattern)
    expressions = ["".join(segment) for segment in segments]
    parts = [expressions[0], *(f"(?>.*?{expression})" for expression in expressions[1:])]
    if longest and len(parts) > 1:
        parts[-1] = f".*{expressions[-1]}"
    return sum(map(len, segments)), expressions[0], "".join(parts)


def _segments(pattern: str) -> list[list[str]]:
    """What stands between the stars of a pattern: expressions of one character each."""
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
    """A pattern from its end; an escape character stays before what it escapes, but at the very end it escapes none."""
    units: list[str] = []
    at = 0
    while at < len(pattern):
        size = 2 if pattern[at] == "\\" and at + 1 < len(pattern) else 1
        units.append(pattern[at : at + size])
        at += size
    return "".join(reversed(units))
