"""A pragma names a rule that does not exist, or is written so that nobody heeds it.

    # hadolint ignore=DL3OO8
    RUN apt-get install curl

The comment looks as if it ignored DL3008, but `DL3OO8` has letters for digits, so the finding stays. The same goes for
`# hadolint ignore: DL3008` (a colon for `=`), and for a reason that is not behind a `#`: in
`# hadolint ignore=DL3008 for now`, hadolint takes `DL3008 for now` for an id.

Ids of ShellCheck and ids that hadolint has retired (DL3005, DL3017, DL3031, DL3039, DL4002) are always right.

Write the id that is meant, or remove the comment.
"""

from collections.abc import Callable, Iterator

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.pragmas import Silencer

_LIST = "`stackferry lint --rules` lists them"
_HINTS = 100
"""How many names are compared with all that are known: a megabyte of unknown ones would take many seconds."""


def judge(silencer: Silencer, ran: Callable[[str], bool]) -> Iterator[Hit]:
    """A hit for each unknown id, and for each comment that is only nearly a pragma."""
    for number, name in enumerate(silencer.unknown()):
        hint = _hint(silencer, name.text) if number < _HINTS else _LIST
        yield Hit(name.start, name.end, f"{name.text!r} is no rule, so nothing is ignored", hint)
    for misread in silencer.pragmas.misread:
        yield Hit(misread.start, misread.end, misread.message, misread.hint)


def _hint(silencer: Silencer, text: str) -> str:
    first = text.split(maxsplit=1)[0]
    if first != text and first in silencer.catalogue:
        return f"write a reason behind a #: {first} # {text.removeprefix(first).strip(' -:')}"
    close = silencer.catalogue.suggestion(text)
    return f"did you mean '{close}'?" if close else _LIST
