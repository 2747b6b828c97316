"""ungraceful-stopsignal: Use a stop signal that a process can handle.

No process can catch SIGKILL or SIGSTOP, so that it cannot finish what it is doing.

    FROM nginx:1.27
    STOPSIGNAL SIGKILL

    FROM nginx:1.27
    STOPSIGNAL SIGQUIT

A container that does not stop is killed after ten seconds anyway.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_SIGNALS = frozenset(("KILL", "STOP", "9", "19"))


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """SIGKILL and SIGSTOP, by name or number."""
    for step in file.steps("STOPSIGNAL"):
        for word in step.instruction.words[:1]:
            value = step.expanded(word.text)
            if value is not None and value.upper().removeprefix("SIG") in _SIGNALS:
                yield Hit(word.start, word.end, f"a process cannot handle {value}", "write SIGTERM")
