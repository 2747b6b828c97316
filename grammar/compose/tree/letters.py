"""Characters that look like YAML syntax but are not: odd blanks, quotes and dashes.

They come from word processors, chats and web pages. To YAML they are ordinary letters.
"""

from stackferry.grammar.regex import regex

BLANKS = regex("[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]")
"""Blanks that do not separate for YAML; some have no width."""
_DOUBLE = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02"
_SINGLE = "\u2018\u2019\u201a\u201b\u2032\uff07"
QUOTES = regex(f"[{_DOUBLE}{_SINGLE}]")
"""Quotes that do not quote for YAML."""
_STRAIGHT = str.maketrans({**dict.fromkeys(_DOUBLE, '"'), **dict.fromkeys(_SINGLE, "'")})
MARKS = regex("^\\s*[\u2010-\u2015\u2212\uff0d](?=\\s)|(?<=\\w)\uff1a ?")
"""Dashes before an item and colons after a key that mean nothing to YAML."""


def plain_mark(mark: str) -> str:
    """The ASCII form of what `MARKS` matched."""
    return ": " if mark.strip() == "\uff1a" else mark[:-1] + "-"


def straight(text: str) -> str:
    """The text with ASCII quotes."""
    return text.translate(_STRAIGHT)


def what_letter(letter: str) -> str:
    """A name for messages: `a no-break space (U+00A0)`."""
    # A megabyte of data, needed only for a mistake.
    import unicodedata

    name = unicodedata.name(letter, "letter").lower()
    article = "an" if name[:1] in "aeiou" else "a"
    return f"{article} {name} (U+{ord(letter):04X})"


def is_in_odd_quotes(text: str) -> bool:
    """Whether the text is in odd quotes that were meant to quote it."""
    return len(text) > 1 and QUOTES.match(text[0]) is not None and QUOTES.match(text[-1]) is not None
