"""The instruction of a local Dockerfile that its image ends up with: of each keyword, the last one holds."""

from typing import TYPE_CHECKING

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.host import Host
from stackferry.translator.image_facts.local_build import built_stage

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.step import Step


def last_step(service: Service, keyword: str, host: Host) -> "Step | None":
    """The step of that keyword which holds in the service's image; None if there is none, or no file to read."""
    stage = built_stage(service, host)
    while stage is not None:
        found = [step for step in stage.steps if step.keyword == keyword and not step.onbuild]
        if found:
            return found[-1]
        stage = stage.parent
    return None
