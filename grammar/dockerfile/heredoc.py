"""Heredocs in a line: which words of an instruction announce one. The parser asks, then reads the bodies.

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
"""The usual word: its terminator is what stands there."""
_LARGEST = 2**64 - 1


class Announcement(NamedTuple):
    """What a word announces: the terminator, and a file descriptor, 0 for none.

    `expand`: variables in the body are replaced. `chomp`: leading tabs go.
    """

    name: str
    descriptor: int
    expand: bool
    chomp: bool


class HeredocWord(NamedTuple):
    """A word that announces a heredoc: as it is written (`3<<-"EOF"`, `<< EOF`), its offset in the line, and what."""

    text: str
    offset: int
    name: str
    descriptor: int
    expand: bool
    chomp: bool


def heredoc_word(word: str) -> Announcement | None:
    """What a word announces, None if it is no heredoc. ExpansionError if the terminator cannot be read."""
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
    """The heredocs that a joined line announces, in their order; the caller looks for `<<` in it first.

    A line with a quote or a `${` that does not end has none. ExpansionError, its offset in the line, for a terminator
    that cannot be read.
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
    """No variable has a value for the parser."""
    return False, ""


def _descriptor(digits: str) -> int:
    """A number of 64 bits; more digits give the largest, as in Go."""
    digits = digits.lstrip("0")
    return min(int(digits or "0"), _LARGEST) if len(digits) <= 20 else _LARGEST


def _quotes(word: str) -> int:
    return word.count("'") + word.count('"')
