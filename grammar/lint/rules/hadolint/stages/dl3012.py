"""DL3012: Give a stage one HEALTHCHECK.

Only the last HEALTHCHECK of a stage is kept, and nobody runs the others.

    FROM nginx:1.27
    HEALTHCHECK CMD ["curl", "-f", "http://localhost/"]
    HEALTHCHECK CMD ["curl", "-f", "http://localhost/health"]

    FROM nginx:1.27
    HEALTHCHECK CMD ["curl", "-f", "http://localhost/health"]

Stages count apart, and so do triggers of ONBUILD. The finding stands at the later one, as with hadolint; BuildKit's
stands at the earlier one.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.rules.hadolint.stages.repeats import repeated

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.finding import Hit
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> "Iterator[Hit]":
    """Each HEALTHCHECK but the first of its stage."""
    return repeated(file, "HEALTHCHECK")
