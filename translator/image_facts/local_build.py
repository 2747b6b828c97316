"""The Dockerfile of a service that is built here, as the facts of the stage that becomes its image."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.container import Workload
from stackferry.translator.host import Host

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build as Facts
    from stackferry.grammar.dockerfile.facts.build import Stage

_LARGEST = 256 * 1024
"""A larger Dockerfile, in bytes, is not read: nobody writes one."""


def built_stage(service: Workload, host: Host) -> "Stage | None":
    """The stage that is built, if the Dockerfile can be read here; None if it cannot, or nothing is built."""
    text = dockerfile_text(service.build, host) if service.build else None
    if service.build is None or text is None or len(text) > _LARGEST:
        return None
    facts = dockerfile_facts(text)
    wanted = service.build.target
    if wanted:
        return next((stage for stage in facts.stages if stage.is_called(wanted)), None)
    return facts.stages[-1] if facts.stages else None


def dockerfile_text(build: Build, host: Host) -> str | None:
    """The text of the Dockerfile, None if it cannot be read here."""
    if build.dockerfile_inline is not None:
        return build.dockerfile_inline
    if build.context is None or "://" in build.context:
        return None
    return host.text(os.path.join(build.context, build.dockerfile or "Dockerfile"))


@lru_cache(maxsize=1024)
def dockerfile_facts(text: str) -> "Facts":
    """The facts of a Dockerfile. Cached, because every pass of a translation asks for those of all services."""
    # Only stacks that build pay for loading the parser.
    from stackferry.grammar.dockerfile.facts.build import build
    from stackferry.grammar.dockerfile.parse import parse
    from stackferry.grammar.dockerfile.source import Source

    return build(parse(Source(text, "Dockerfile")))
