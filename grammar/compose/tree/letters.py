"""Letters that look like YAML's own and are none: blanks that do not separate, quotes that do not quote, dashes.

They come from word processors, chats and web pages. To YAML they are letters like any other.
"""

from stackferry.grammar.regex import regex

BLANKS = regex("[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]")
"""Blanks that separate nothing, some of no width."""
_DOUBLE = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02"
_SINGLE = "\u2018\u2019\u201a\u201b\u2032\uff07"
QUOTES = regex(f"[{_DOUBLE}{_SINGLE}]")
"""Quotes that quote nothing."""
_STRAIGHT = str.maketrans({**dict.fromkeys(_DOUBLE, '"'), **dict.fromkeys(_SINGLE, "'")})
MARKS = regex("^\\s*[\u2010-\u2015\u2212\uff0d](?=\\s)|(?<=\\w)\uff1a ?")
"""Dashes before an item and colons after a key that are none."""


def plain_mark(mark: str) -> str:
    """What `MARKS` found, as a keyboard has it."""
    return ": " if mark.strip() == "\uff1a" else mark[:-1] + "-"


def straight(text: str) -> str:
    """The text with the quotes of a keyboard."""
    return text.translate(_STRAIGHT)


def what_letter(letter: str) -> str:
    """`a no-break space (U+00A0)`."""
    # A library of a megabyte, which only a mistake needs.
    import unicodedata

    name = unicodedata.name(letter, "letter").lower()
    article = "an" if name[:1] in "aeiou" else "a"
    return f"{article} {name} (U+{ord(letter):04X})"


def is_in_odd_quotes(text: str) -> bool:
    """Whether somebody meant to quote the text."""
    return len(text) > 1 and QUOTES.match(text[0]) is not None and QUOTES.match(text[-1]) is not None
