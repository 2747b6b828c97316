"""DL3003: Change the folder with WORKDIR.

A `cd` ends with its RUN; WORKDIR holds for all instructions after it, and shows where they run.

    RUN cd /src && make

    WORKDIR /src
    RUN make

With the set hadolint this is every `cd`. Otherwise one in `$(…)`, and one to a folder that only the build knows, are
left alone, as WORKDIR cannot take their place. A `cd` that changes nothing at all is cd-without-effect.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.programs.calls import Call
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Calls of cd."""
    for step in file.steps("RUN"):
        if settings.hadolint and step.onbuild:
            continue
        for call in step.calls(plain=settings.hadolint):
            if call.program == "cd" and (settings.hadolint or _is_workdir(call)):
                start, end = call.invocation.range
                yield Hit(start, end, "cd only affects this RUN", "change the folder with WORKDIR")


def _is_workdir(call: "Call") -> bool:
    """Whether WORKDIR could say the same."""
    arguments = call.invocation.arguments
    within = call.invocation.command.within
    return "substitution" not in within and bool(arguments) and all(argument.value for argument in arguments)
