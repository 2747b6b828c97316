"""The comments of a YAML file by the lines they belong to, for `migrate.py`: YAML parsers drop them.

Good enough for configurations; a `#` inside block text would count as a comment.
"""

from stackferry.grammar.regex import regex
from stackferry.grammar.source import Span

_COMMENT = regex(r"^\s*#\s?(.*)$")
_TRAILING = regex(r"""^(?:[^"'#]|"[^"]*"|'[^']*'|(?<=\S)#)*?\s#\s?(.*)$""")


class Comments:
    """The comments of a YAML file, by the line they belong to; each is returned once."""

    def __init__(self, text: str) -> None:
        # TOML allows no other control character in a comment.
        lines = text.removeprefix("\ufeff").split("\n")
        self._lines = ["".join(letter if letter >= " " or letter == "\t" else " " for letter in line) for line in lines]
        self._given: set[int] = set()

    def head(self) -> list[str]:
        """The comments at the top of the file, if a blank line separates them from the rest."""
        found = []
        for line in self._lines:
            comment = _COMMENT.match(line)
            if comment is None:
                if line.strip(" ") not in ("", "---"):
                    return []
                break
            found.append(comment[1])
        self._given |= {*range(len(found))}
        return found

    def above(self, span: Span | None) -> list[str]:
        """The comment lines directly above a line."""
        found: list[str] = []
        number = span.line - 2 if span else -1
        while number >= 0 and number not in self._given:
            comment = _COMMENT.match(self._lines[number])
            if comment is None:
                break
            self._given.add(number)
            found.insert(0, comment[1])
            number -= 1
        return found

    def behind(self, span: Span | None) -> str:
        """The comment at the end of a line."""
        number = span.line - 1 if span else -1
        if number < 0 or number in self._given or number >= len(self._lines):
            return ""
        comment = _TRAILING.match(self._lines[number])
        if comment is None:
            return ""
        self._given.add(number)
        return comment[1].strip()
