"""Splits a cron line into words with their columns, as Go's strings.Fields does and Python's split does not."""

from typing import NamedTuple

from stackferry.grammar.regex import regex

# Go's unicode.IsSpace. Python's \s also matches the separators \x1c to \x1f.
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WORD = regex(f"[^{_SPACE}]+")


class Word(NamedTuple):
    """A part of a line; `column` is that of its first character, from 1."""

    text: str
    column: int

    def part(self, start: int, end: int | None = None) -> "Word":
        """The characters from `start` to `end`, counted from 0."""
        return Word(self.text[start:end], self.column + start)

    def split(self, mark: str) -> list["Word"]:
        """The parts between one-character separators, empty parts included."""
        parts, at = [], self.column
        for text in self.text.split(mark):
            parts.append(Word(text, at))
            at += len(text) + 1
        return parts


def words(line: Word) -> list[Word]:
    """The words between white space."""
    return [Word(found[0], line.column + found.start()) for found in _WORD.finditer(line.text)]


def trimmed(line: Word) -> Word:
    """The line without white space around it."""
    found = words(line)
    if not found:
        return Word("", line.column)
    start = found[0].column - line.column
    return line.part(start, found[-1].column - line.column + len(found[-1].text))
