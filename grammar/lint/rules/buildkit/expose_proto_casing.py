"""ExposeProtoCasing: Write the protocol of a port in lower case.

Other tools that read the image compare it as it is written.

    FROM nginx:1.27
    EXPOSE 53/UDP

    FROM nginx:1.27
    EXPOSE 53/udp
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.ports import port
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Protocols in upper case (BuildKit's parsePort)."""
    for step in file.steps("EXPOSE"):
        if step.onbuild:
            continue
        for word in step.instruction.words:
            for text in (step.expanded(word.text) or "").split():
                protocol = port(text).protocol
                if protocol != protocol.lower():
                    message = f"the protocol {protocol} is not lowercase"
                    yield Hit(word.start, word.end, message, f"write {protocol.lower()}")
