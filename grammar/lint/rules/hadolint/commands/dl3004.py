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

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.shell.wrappers import base_name, chain

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.programs.calls import Call
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Calls of sudo."""
    for step in file.steps("RUN"):
        for call in step.calls(plain=settings.hadolint):
            found = _sudo(call, plain=settings.hadolint)
            if found is not None:
                yield Hit(*found, "sudo is used in a build", "run as root, or change the user with USER")


def _sudo(call: "Call", *, plain: bool) -> tuple[int, int] | None:
    if plain:
        return (call.place.start, call.place.end) if call.program == "sudo" else None
    # The call is what sudo runs; what is written begins with sudo, or with env and the like before it.
    script = call.invocation.script
    written = script.script.commands[call.invocation.command.number]
    name = next((command.words[0] for command in chain(written) if base_name(command) == "sudo"), None)
    return script.range(name.start, name.end) if name is not None else None
