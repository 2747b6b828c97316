"""Finds the words of an instruction that announce a heredoc. The parser calls it, then reads the bodies.

Source: BuildKit's `frontend/dockerfile/parser/parser.go` (`heredocsFromLine`, `heredocFromMatch`). The escape character
is always a backslash here, whatever the file says.
"""

import re
import sys
from typing import NamedTuple

from stackferry.grammar.dockerfile.expand import process_words, split
from stackferry.grammar.dockerfile.expansion.error import ExpansionError
from stackferry.grammar.dockerfile.expansion.evaluate import Evaluation, joined
from stackferry.grammar.dockerfile.expansion.scan import Scan
from stackferry.grammar.regex import regex

_WORD = r"([0-9]*)<<(-?)[\t\n\f\r ]*([^<]*)\Z"
_PLAIN = regex(r"([0-9]*)<<(-?)([A-Za-z0-9_.]+)\Z")
"""The usual form: the terminator has no quotes, escapes or variables."""
_LARGEST = 2**64 - 1


class Announcement(NamedTuple):
    """The heredoc that a word announces: its terminator, and a file descriptor, 0 for none.

    `expand`: variables in the body are replaced. `chomp`: leading tabs are removed.
    """

    name: str
    descriptor: int
    expand: bool
    chomp: bool


class HeredocWord(NamedTuple):
    """A word that announces a heredoc: its text (`3<<-"EOF"`, `<< EOF`), its offset in the line, the announcement."""

    text: str
    offset: int
    name: str
    descriptor: int
    expand: bool
    chomp: bool


def heredoc_word(word: str) -> Announcement | None:
    """The heredoc that a word announces, None if none. ExpansionError if the terminator cannot be parsed."""
    match = re.match(_WORD, word)
    if match is None or not match[3]:
        return None
    names = process_words(match[3], {}, skip_unset_env=True)
    if len(names) != 1:
        return None
    raw = process_words(match[3], {}, skip_unset_env=True, raw_quotes=True)
    if len(raw) != 1:
        message = f"internal lexing of heredoc produced inconsistent results: {match[3]}"
        raise ExpansionError(message, match.start(3))
    return Announcement(names[0], _descriptor(match[1]), _quotes(names[0]) == _quotes(raw[0]), match[2] == "-")


def heredocs_in(line: str) -> list[HeredocWord]:
    """The heredocs that a joined line announces, in order; the caller first checks that it contains `<<`.

    A line with an unclosed quote or `${` has none. ExpansionError, with its offset in the line, for a terminator
    that cannot be parsed.
    """
    scan = Scan(line, "\\", raw_quotes=True, raw_escapes=True, skip_process_quotes=False)
    try:
        words = list(split(Evaluation(scan, _unset, keep_unset=True, limit=sys.maxsize)))
    except ExpansionError:
        return []
    found = []
    for pieces in words:
        word = joined(pieces) or ""
        if "<<" not in word:
            continue
        offset = pieces[0][1]
        try:
            announced = heredoc_word(word)
        except ExpansionError as error:
            raise ExpansionError(error.message, offset) from None
        if announced:
            last, start = pieces[-1]
            end = start + len(last or "")
            found.append(HeredocWord(line[offset:end], offset, *announced))
    return found


def _unset(name: str) -> tuple[bool, str]:
    """A look-up for the parser, to which no variable is set."""
    return False, ""


def _descriptor(digits: str) -> int:
    """A 64-bit number; larger ones become the maximum, as in Go."""
    digits = digits.lstrip("0")
    return min(int(digits or "0"), _LARGEST) if len(digits) <= 20 else _LARGEST


def _quotes(word: str) -> int:
    return word.count("'") + word.count('"')
