"""DL4003: Give a stage one CMD.

Only the last CMD of a stage is kept; the others look as if they did something.

    FROM nginx:1.27
    CMD ["nginx"]
    CMD ["nginx", "-g", "daemon off;"]

    FROM nginx:1.27
    CMD ["nginx", "-g", "daemon off;"]

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
    """Each CMD but the first of its stage."""
    return repeated(file, "CMD")
