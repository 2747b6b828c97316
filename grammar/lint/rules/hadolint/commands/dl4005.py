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
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Links in the place of /bin/sh."""
    for step in file.steps("RUN"):
        for call in step.calls(plain=settings.hadolint):
            if call.program != "ln":
                continue
            links = call.invocation.arguments
            if not settings.hadolint:
                # What a link points to comes before it; a link without a place is put into the current folder.
                links = tuple(link for link in links if not (link.value or "").startswith("-"))[1:]
            for link in links:
                known = link.word.literal if settings.hadolint else link.value
                if known == "/bin/sh" or (known == "/usr/bin/sh" and not settings.hadolint):
                    yield Hit(link.start, link.end, f"the shell {known} is replaced by a link", "use SHELL")
                    break
