"""DL4005: Change the shell with SHELL.

A link in the place of /bin/sh changes the shell of every program in the image; SHELL changes that of the build.

    RUN ln -sf /bin/bash /bin/sh

    SHELL ["/bin/bash", "-c"]
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.programs.calls import Call
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Links in the place of /bin/sh."""
    for step in file.steps("RUN"):
        if settings.hadolint:
            calls = [call for call in step.plain_calls if call.program == "ln"]
            places = [call.range(word) for call in calls for text, word in call.operands() if text == "/bin/sh"]
        else:
            places = [place for call in step.calls() if call.program == "ln" for place in _links(call)]
        for start, end in places:
            yield Hit(start, end, "a link replaces the shell of the image", "use SHELL")


def _links(call: "Call") -> "Iterator[tuple[int, int]]":
    """The places of links that are a shell. What a link points to comes first."""
    operands = [argument for argument in call.invocation.arguments if not (argument.value or "").startswith("-")]
    return ((link.start, link.end) for link in operands[1:] if link.value in ("/bin/sh", "/usr/bin/sh"))
