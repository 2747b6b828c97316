"""What ShellCheck finds only because the lines of a RUN are joined, by code: it is not in the file.

In the joined text the indentation of a continued line is a row of blanks in the middle of a line.
"""

from collections.abc import Callable, Mapping

from stackferry.grammar.dockerfile.instruction import Joined

_REPEATED = 4
"""So many blanks or more are repeated ones for ShellCheck; a tab may count for as many."""


def _only_indented(joined: Joined, start: int, end: int) -> bool:
    """SC2291, repeated blanks between the arguments of echo: whether all of them are at the start or end of lines."""
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
"""Given the joined text and a range in it. All else that it finds is the same in joined and in continued lines."""
