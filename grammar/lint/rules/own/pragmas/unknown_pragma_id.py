"""unknown-pragma-id: Name existing rules in a pragma.

This one ignores nothing, for its zeros are letters, and the finding stays:

    # hadolint ignore=DL3OO8
    RUN apt-get install -y curl

Write the id that is meant, or remove the comment:

    # hadolint ignore=DL3008
    RUN apt-get install -y curl

Comments that only look like pragmas are reported as well: `# hadolint ignore: DL3008` with a colon, or a reason that is
not behind a `#`. Of `# hadolint ignore=DL3008 for now`, hadolint takes `DL3008 for now` for an id, and ignores nothing.

All ids of ShellCheck are right, and so are those that hadolint has retired: DL3005, DL3017, DL3031, DL3039, DL4002.
"""

from collections.abc import Callable, Iterator

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.silencer import Silencer

_LIST = "list the rules with `stackferry lint --rules`"
_HINTS = 100
"""How many names are compared with all that are known: a megabyte of unknown ones would take many seconds."""


def judge(silencer: Silencer, ran: Callable[[str], bool]) -> Iterator[Hit]:
    """A hit for each unknown id, and for each comment that is only nearly a pragma."""
    for number, name in enumerate(silencer.unknown()):
        hint = _hint(silencer, name.text) if number < _HINTS else _LIST
        yield Hit(name.start, name.end, f"{name.text!r} is not a rule, so nothing is ignored", hint)
    for misread in silencer.pragmas.misread:
        yield Hit(misread.start, misread.end, misread.message, misread.hint)


def _hint(silencer: Silencer, text: str) -> str:
    first = text.split(maxsplit=1)[0]
    if first != text and first in silencer.catalogue:
        return f"put a # before the reason: {first} # {text.removeprefix(first).strip(' -:')}"
    close = silencer.catalogue.suggestion(text)
    return f"did you mean '{close}'?" if close else _LIST
