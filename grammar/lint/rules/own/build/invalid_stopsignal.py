"""invalid-stopsignal: Use a valid stop signal.

A build refuses what is neither a number nor the name of a signal of Linux.

    FROM nginx:1.27
    STOPSIGNAL SIGQUITE

    FROM nginx:1.27
    STOPSIGNAL SIGQUIT

A variable that the base image may set is not judged.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.filled import filled
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex
from stackferry.grammar.suggest import did_you_mean

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_SIGNALS = frozenset(
    (
        *("ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE"),
        *("POLL", "PROF", "PWR", "QUIT", "RTMAX", "RTMIN", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP"),
        *("TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ"),
        *(f"RTMIN+{number}" for number in range(1, 16)),
        *(f"RTMAX-{number}" for number in range(1, 15)),
    )
)
_NUMBER = regex(r"[+-]?[0-9]{1,18}")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Values of STOPSIGNAL that are no signals (moby/sys ParseSignal)."""
    for step in file.steps("STOPSIGNAL"):
        word = step.instruction.words[0] if step.instruction.words else None
        value = filled(step, word.text) if word and not step.onbuild else None
        if word is None or value is None or _is_signal(value):
            continue
        shown = word.text if word.text == value else f"{word.text}, which is {value or 'empty'},"
        suggestion = did_you_mean(value.upper(), [f"SIG{name}" for name in sorted(_SIGNALS)])
        yield Hit(word.start, word.end, f"{shown} is not a signal", suggestion or "write SIGTERM, or another signal")


def _is_signal(value: str) -> bool:
    if _NUMBER.fullmatch(value):
        return int(value) != 0
    return value.upper().removeprefix("SIG") in _SIGNALS
