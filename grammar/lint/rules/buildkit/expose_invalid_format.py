"""ExposeInvalidFormat: Expose container ports, not host ports.

EXPOSE says what the container listens on. An address or a port of the host has no effect there, and will be an error.

    FROM nginx:1.27
    EXPOSE 127.0.0.1:8080:80

    FROM nginx:1.27
    EXPOSE 80

Which port of the host leads to it is said when the container starts, or in compose.yaml.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.ports import port
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Ports with an address or a port of the host (BuildKit's parsePort)."""
    for step in file.steps("EXPOSE"):
        if step.onbuild:
            continue
        for word in step.instruction.words:
            for text in (step.expanded(word.text) or "").split():
                found = port(text)
                if found.ip or found.host:
                    message = f"{text} specifies a host port"
                    yield Hit(word.start, word.end, message, f"write {text.rpartition(':')[2]}")
