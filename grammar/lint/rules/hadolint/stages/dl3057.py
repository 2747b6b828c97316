"""DL3057: Give the image a HEALTHCHECK.

Without one Docker cannot tell a container that serves from one that hangs. Orchestrators such as Kubernetes have
probes of their own, so this is off unless it is asked for.

    FROM nginx:1.27
    COPY site /usr/share/nginx/html

    FROM nginx:1.27
    COPY site /usr/share/nginx/html
    HEALTHCHECK CMD ["curl", "-f", "http://localhost/"]

`HEALTHCHECK NONE` is an answer, too. What counts is the last stage, with those that it starts from; hadolint reports
every stage that neither has one nor is the base of one that has, and with the set hadolint so do we.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Images without a health check."""
    checked = {step.stage.index for step in file.steps("HEALTHCHECK") if not step.onbuild}
    for stage in file.stages:
        if stage.parent is not None and stage.parent.index in checked:
            checked.add(stage.index)
    # The base of a checked stage is not an image that is meant to run.
    spared = set(checked)
    for stage in reversed(file.stages):
        if stage.parent is not None and stage.index in spared:
            spared.add(stage.parent.index)
    for stage in file.stages if settings.hadolint else file.stages[-1:]:
        if stage.index not in spared:
            word = stage.base
            yield Hit(word.start, word.end, "this image has no HEALTHCHECK", "write HEALTHCHECK CMD command, or NONE")
