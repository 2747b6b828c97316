"""Joins physical lines to logical ones: continuations, comments, blank lines. As BuildKit's `Parse`.

First step of `parse.py`. A logical line starts at the first line that is neither blank nor a comment. Only a newline
ends a line; carriage returns before it belong to the line ending.
"""

from typing import NamedTuple

from stackferry.grammar.dockerfile.instruction import Comment, Joined

SPACES = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""The characters of Go's unicode.IsSpace; str.strip() without arguments would strip more."""


class LogicalLine(NamedTuple):
    """An instruction's lines, without heredocs. `end` is where the next physical line starts.

    `blank_lines` are the offsets of blank lines between continued ones, which BuildKit warns about.
    """

    joined: Joined
    start: int
    end: int
    inside: tuple[Comment, ...]
    blank_lines: tuple[int, ...]


def continued(line: str, escape: str) -> int:
    """The length of a line before the escape character that continues it; -1 if it is not continued.

    An escape character directly after another one does not continue the line, even if the other is escaped itself.
    """
    stripped = line.rstrip(" \t")
    if not stripped.endswith(escape) or stripped.endswith(escape + escape):
        return -1
    return len(stripped) - 1


def line_at(text: str, start: int) -> tuple[int, int]:
    """The end of a line's content and the start of the next line, for the line that starts at `start`."""
    end = text.find("\n", start)
    if end < 0:
        end = following = len(text)
    else:
        following = end + 1
    while end > start and text[end - 1] == "\r":
        end -= 1
    return end, following


def comment_at(text: str, start: int, end: int) -> Comment | None:
    """The comment on a line, None if it is no comment."""
    while start < end and text[start] in SPACES:
        start += 1
    return Comment(text[start + 1 : end].strip(SPACES), start, end) if start < end and text[start] == "#" else None


def logical_line(text: str, start: int, end: int, following: int, escape: str) -> LogicalLine:
    """The logical line that begins with `text[start:end]`, whose leading white space is already stripped."""
    line = text[start:end]
    kept = continued(line, escape)
    if kept < 0:
        return LogicalLine(Joined(line, (0,), (start,)), start, following, (), ())
    pieces = [line[:kept]]
    starts, sources, length = [0], [start], kept
    inside: list[Comment] = []
    blank_lines: list[int] = []
    size = len(text)
    while kept >= 0 and following < size:
        begin = following
        end, following = line_at(text, begin)
        comment = comment_at(text, begin, end)
        if comment is not None:
            inside.append(comment)
            continue
        line = text[begin:end]
        if not line.strip(SPACES):
            blank_lines.append(begin)
            continue
        kept = continued(line, escape)
        piece = line if kept < 0 else line[:kept]
        if piece:
            starts.append(length)
            sources.append(begin)
            pieces.append(piece)
            length += len(piece)
    return LogicalLine(
        Joined("".join(pieces), tuple(starts), tuple(sources)), start, following, tuple(inside), tuple(blank_lines)
    )
