"""The instruction of a local Dockerfile that is in force in its image: the last one of each keyword."""

from typing import TYPE_CHECKING

from stackferry.grammar.compose.model.container import Workload
from stackferry.translator.host import Host
from stackferry.translator.image_facts.local_build import built_stage

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.step import Step


def last_step(service: Workload, keyword: str, host: Host) -> "Step | None":
    """The step of that keyword in force in the service's image; None if there is none, or no file to read."""
    stage = built_stage(service, host)
    steps = (step for part in (stage.lineage if stage else ()) for step in reversed(part.steps))
    return next((step for step in steps if step.keyword == keyword and not step.onbuild), None)
