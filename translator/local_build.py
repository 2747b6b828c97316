"""What the Dockerfile of a service says about its containers: the instructions that its image ends up with.

Kubernetes sees an image only when it runs it. What a file of the project tells about it (HEALTHCHECK, STOPSIGNAL) is
read here, and only there: nothing is guessed of a base image.
"""

import posixpath
from typing import TYPE_CHECKING

from stackferry.grammar.compose.model.build import Build
from stackferry.translator.host import Host

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Stage
    from stackferry.grammar.dockerfile.facts.step import Step


def last_step(build: Build | None, keyword: str, host: Host) -> "Step | None":
    """The step of that keyword which holds in the image; None if there is none, or no file to read."""
    stage = _stage(build, host) if build is not None else None
    while stage is not None:
        found = [step for step in stage.steps if step.keyword == keyword and not step.onbuild]
        if found:
            return found[-1]
        stage = stage.parent
    return None


def _stage(build: Build, host: Host) -> "Stage | None":
    """The stage that is built: the target's, else the last."""
    text = _text(build, host)
    if text is None:
        return None
    # Few stacks build, and the reader of Dockerfiles is large.
    from stackferry.grammar.dockerfile.facts.build import build as facts_of
    from stackferry.grammar.dockerfile.parse import parse
    from stackferry.grammar.dockerfile.source import Source

    facts = facts_of(parse(Source(text)))
    if build.target:
        return next((stage for stage in reversed(facts.stages) if stage.is_called(build.target)), None)
    return facts.stages[-1] if facts.stages else None


def _text(build: Build, host: Host) -> str | None:
    if build.dockerfile_inline is not None:
        return build.dockerfile_inline
    content = host.content(posixpath.join(build.context or ".", build.dockerfile or "Dockerfile"))
    return None if content is None else content.decode("utf-8", "replace")
