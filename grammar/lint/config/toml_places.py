"""Finds the place of a key or a text in a TOML file: `tomllib` returns values without places.

Good enough for messages: a file is searched line by line, and what is not found has no place.
"""

import re

from stackferry.grammar.regex import regex
from stackferry.grammar.source import Span

_IN_ERROR = regex(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_TABLE = regex(r"(?m)^[ \t]*\[[ \t]*(?:tool[ \t]*\.[ \t]*stackferry[ \t]*(?:\.[ \t]*lint[ \t]*)?|lint[ \t]*)[\].]")


class Places:
    """The places in one file, which messages show as `path`."""

    __slots__ = ("path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def key(self, key: str) -> Span | None:
        """The place of a key of our table, as a key or as part of a table's header."""
        found = self._key(key)
        return self._span(found.start("key")) if found else None

    def item(self, key: str, text: str) -> Span | None:
        """The place of a text in the list of a key; if it is not found, the place of the key."""
        found = self._key(key)
        if found is None:
            return None
        quoted = re.compile(rf"(['\"]){re.escape(text)}\1").search(self.text, found.end())
        return self._span(quoted.start()) if quoted else self._span(found.start("key"))

    def of_error(self, message: str) -> tuple[str, Span]:
        """The message of a TOML error without its place, and the place."""
        found = _IN_ERROR.search(message)
        if found is None:
            return message, Span(self.path, 1, 1)
        if found[1]:
            return message[: found.start()], Span(self.path, int(found[1]), int(found[2]))
        return message[: found.start()], self._span(len(self.text.rstrip()))

    def _key(self, key: str) -> re.Match[str] | None:
        table = _TABLE.search(self.text)
        start = table.start() if table else 0
        name = rf"(?P<key>(['\"]?){re.escape(key)}\2)"
        for before, after in ((r"(?m)^[ \t]*(?:[\w.-]+\.)?", r"[ \t]*="), (r"[\[.{,][ \t]*", r"[ \t]*[\].=]")):
            found = re.compile(before + name + after).search(self.text, start)
            if found:
                return found
        return re.compile(r"(?m)^[ \t]*" + name + r"[ \t]*=").search(self.text)

    def _span(self, offset: int) -> Span:
        line = self.text.count("\n", 0, offset) + 1
        return Span(self.path, line, offset - (self.text.rfind("\n", 0, offset) + 1) + 1)
