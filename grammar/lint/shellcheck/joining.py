"""Findings of ShellCheck that exist only because the lines of a RUN are joined, by code: they are not in the file.

In the joined text, the indentation of a continued line becomes a run of blanks within a line.
"""

from collections.abc import Callable, Mapping

from stackferry.grammar.dockerfile.instruction import Joined

_REPEATED = 4
"""How many blanks ShellCheck counts as repeated; a tab may count as this many."""


def _only_indented(joined: Joined, start: int, end: int) -> bool:
    """SC2291, repeated blanks between the arguments of echo: whether all are at the start or end of lines."""
    text = joined.text
    edges = set(joined.starts[1:])
    at = start
    while at < end:
        begin = at
        while at < end and text[at] in " \t":
            at += 1
        blanks = text[begin:at]
        wide = len(blanks) >= _REPEATED or "\t" in blanks
        if wide and edges.isdisjoint(range(begin, at + 1)):
            return False
        at += 1
    return True


OF_JOINING: Mapping[str, Callable[[Joined, int, int], bool]] = {"SC2291": _only_indented}
"""A test by code, on the joined text and a range. All other findings are the same in joined and continued lines."""
