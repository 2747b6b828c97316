"""Ports that the Dockerfile of a service exposes: `EXPOSE` of the stage that is built and of its base stages.

The base image exposes its own ports as well, as far as the table of images knows it.
"""

from collections.abc import Iterator, Mapping

from stackferry.grammar.compose.model.build import Build
from stackferry.grammar.compose.model.model import Service
from stackferry.translator.discovery.image_ports import ports_of_image
from stackferry.translator.discovery.known_port import MOST_EXPOSED, PROTOCOLS, KnownPort
from stackferry.translator.host import Host
from stackferry.translator.image_facts.local_build import dockerfile_facts, dockerfile_text


def ports_of_build(service: Service, host: Host) -> Iterator[KnownPort]:
    """The ports that the service's build exposes; none if there is no build, or its Dockerfile is not here."""
    if service.build is None:
        return
    text = dockerfile_text(service.build, host)
    if text is not None:
        yield from _exposed(text, service.build)


def _exposed(text: str, said: Build) -> Iterator[KnownPort]:
    # Most stacks build nothing, and loading the parser takes as long as everything that reads a compose file.
    from stackferry.grammar.dockerfile.facts.ports import port
    from stackferry.grammar.dockerfile.facts.step import Step, known

    def expanded(step: Step, text: str) -> str | None:
        scope = step.stage.scope
        given = {name: value for name, value in said.args.items() if scope.is_argument(name, step.index)}
        view: Mapping[str, str | None] = {**step.variables, **given} if given else step.variables
        return known(text, view, found.dockerfile.escape)

    found = dockerfile_facts(text)
    if not found.stages:
        return
    stage = (found.stage_named(said.target) if said.target else None) or found.stages[-1]
    for step in (step for part in stage.lineage for step in part.steps):
        if step.keyword == "EXPOSE" and not step.onbuild:
            for word in step.instruction.words:
                parts = port(expanded(step, word.text) or "")
                yield from _numbers(parts.container, parts.protocol.lower())
    image = stage.root.image
    for exposed in ports_of_image(image or ""):
        yield exposed._replace(evidence=f"its Dockerfile: FROM {image}")


def _numbers(text: str, protocol: str) -> Iterator[KnownPort]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal() and len(text) < 12):
        return
    numbers = range(int(first), int(last or first) + 1)
    if len(numbers) <= MOST_EXPOSED and numbers and numbers[0] > 0 and numbers[-1] < 65536:
        for number in numbers:
            yield KnownPort(number, PROTOCOLS.get(protocol, "TCP"), "its Dockerfile: EXPOSE")
