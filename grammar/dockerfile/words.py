"""Splits an instruction's text into words, at white space or by quotes, and flags (BuildKit's split_command.go).

Positions are offsets in the joined text; a word also gets its range in the source.
"""

from stackferry.grammar.dockerfile.instruction import Flag, Joined, Word
from stackferry.grammar.dockerfile.lines import SPACES
from stackferry.grammar.regex import regex

BLANKS = "\t\v\f\r "
"""Word separators (BuildKit's reWhitespace); newlines do not occur."""
_AFTER_FLAG = "\t\n\v\f\r \x85\xa0"
"""Characters that end a flag: BuildKit compares single bytes there."""
_BLANK = regex(r"[\t\v\f\r ]+")
_WORD = regex(r"[^\t\v\f\r ]+")


def word(joined: Joined, start: int, end: int) -> Word:
    """The word at a range of the joined text."""
    return Word(joined.text[start:end], joined.at(start), joined.end(end), start)


def keyword(joined: Joined) -> tuple[Word, int]:
    """The first word, and the offset after the white space that follows it."""
    text = joined.text
    start = len(text) - len(text.lstrip(SPACES))
    end = max(len(text.rstrip(SPACES)), start)
    blank = _BLANK.search(text, start, end)
    if blank is None:
        return word(joined, start, end), len(text)
    return word(joined, start, blank.start()), blank.end()


def blank_separated(joined: Joined, start: int, end: int) -> tuple[Word, ...]:
    """The blank-separated words in a range."""
    return tuple(word(joined, match.start(), match.end()) for match in _WORD.finditer(joined.text, start, end))


def quoted(joined: Joined, start: int, end: int, escape: str) -> tuple[Word, ...]:
    """The words in a range; quotes and escapes keep blanks together and are kept (BuildKit's parseWords)."""
    text = joined.text
    if not any(character in text[start:end] for character in ("'", '"', escape)):
        # Fast path for the usual case; other white space than blanks also separates words.
        return _space_separated(joined, start, end)
    words: list[Word] = []
    begin, quote, at = -1, "", start
    while at < end:
        character = text[at]
        if begin < 0:
            if character in SPACES:
                at += 1
                continue
            begin = at
        if not quote and character in SPACES:
            words.append(word(joined, begin, at))
            begin = -1
        elif quote and character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
        elif character == escape and quote != "'":
            if at + 1 == end:
                # An escape character that escapes nothing is dropped.
                end = at
                break
            at += 1
        at += 1
    if 0 <= begin < end:
        words.append(word(joined, begin, end))
    return tuple(words)


def _space_separated(joined: Joined, start: int, end: int) -> tuple[Word, ...]:
    text = joined.text[start:end]
    if text.isascii():
        return blank_separated(joined, start, end)
    found, begin = [], -1
    for at, character in enumerate(text):
        if character in SPACES:
            if begin >= 0:
                found.append(word(joined, start + begin, start + at))
            begin = -1
        elif begin < 0:
            begin = at
    if begin >= 0:
        found.append(word(joined, start + begin, end))
    return tuple(found)


def flags(joined: Joined, start: int, escape: str) -> tuple[tuple[Flag, ...], int]:
    """The flags at `start`, and the offset of the first argument. A lone `--` ends them and is dropped.

    White space at the end of the line is not part of a flag, even inside unclosed quotes.
    """
    text = joined.text
    found: list[Flag] = []
    at, size = start, len(text.rstrip(SPACES))
    while True:
        while at < size and text[at] in _AFTER_FLAG:
            at += 1
        if not text.startswith("--", at):
            return tuple(found), at
        begin, quote, value = at, "", []
        while at < size:
            character = text[at]
            if not quote and character in _AFTER_FLAG:
                break
            if quote and character == quote:
                quote = ""
            elif not quote and character in "'\"":
                quote = character
            elif character == escape:
                at += 1
                if at < size:
                    value.append(text[at])
            else:
                value.append(character)
            at += 1
        whole = "".join(value)
        if whole == "--":
            return tuple(found), at
        name, given, rest = whole[2:].partition("=")
        found.append(Flag(name, rest if given else None, word(joined, begin, min(at, size))))
