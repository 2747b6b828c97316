"""DL3004: Do not use sudo.

A build runs as the user that USER names, root unless it says another; sudo hides which it is, drops variables, and
need not be installed.

    RUN sudo apt-get update

    USER root
    RUN apt-get update

To run the container's program as another user there are USER and `gosu`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.commands import Invocation
from stackferry.grammar.dockerfile.facts.shells import program
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.commands import Argument
    from stackferry.grammar.dockerfile.facts.programs.calls import Call
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Calls of sudo."""
    for step in file.steps("RUN"):
        for call in step.calls(plain=settings.hadolint):
            found = _sudo(call, plain=settings.hadolint)
            if found is not None:
                yield Hit(
                    found.start, found.end, "sudo is used in a build", "run as root, or change the user with USER"
                )


def _sudo(call: "Call", *, plain: bool) -> "Argument | None":
    if plain:
        return call.place if call.program == "sudo" else None
    # The call is what sudo runs; the words before it are those of sudo, env and their like.
    words = Invocation(call.invocation.script, call.invocation.command).all
    before = words[: len(words) - len(call.invocation.all) + 1]
    return next((word for word in before if program(word.value or "") == "sudo"), None)
