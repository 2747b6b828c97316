"""Pins images: asks registries for the digest of each name and gives it to the service, as docker does.

Used by docker's commands: `stack deploy`, `service create`, `service update --image`. So they notice that a new image
was pushed under the same name. Pure except for `Engine.distribution` and `Engine.image`. Registries are not asked
about images that were built here, which no task could pull.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Literal

from stackferry.emulator.cluster.labels import IMAGE
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.engine.image import Distribution
from stackferry.emulator.engine.protocol import Engine, EngineError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.render.image_names import familiar, repository

ResolveImage = Literal["always", "changed", "never"]

AT_ONCE = 8
"""Most images to ask for at a time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of an image: `there`, or the `trouble` that its registry had; neither: it was not asked."""

    there: Distribution | None = None
    trouble: str = ""


def ask(engine: Engine, image: str) -> Answer:
    """Ask the registry about one image."""
    try:
        return Answer() if _made_here(engine, image) else Answer(engine.distribution(image))
    except EngineError as error:
        return Answer(trouble=error.message)


def _made_here(engine: Engine, image: str) -> bool:
    """Whether the image exists here and was neither pulled from nor pushed to a registry."""
    info = engine.image(image)
    return info is not None and not any(one.partition("@")[0] == repository(image) for one in info.digests)


def asked(
    engine: Engine, images: Iterable[str], warn: Callable[[str], None], kept: Collection[str] = ()
) -> dict[str, Answer]:
    """Ask about several images; warn of those whose registry could not be asked. Docker's warning has no reason.

    `kept` are the images that keep their previous digest in that case (`stays`).
    """
    images = tuple(dict.fromkeys(images))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = dict(zip(images, pool.map(lambda image: ask(engine, image), images), strict=True))
    for image, answer in answers.items():
        if answer.trouble:
            stays = "; the previously recorded digest is kept" if image in kept else ""
            warn(f"image {image} could not be accessed on a registry to record its digest: {answer.trouble}{stays}")
    return answers


def pinned(spec: ServiceSpec, answer: Answer, before: ServiceSpec | None = None) -> ServiceSpec:
    """The service with its image's digest, restricted to nodes of the image's platforms.

    If the registry could not answer, keeps the digest of the same image in `before`, so that no task is replaced.
    """
    container = spec.task.container
    if answer.trouble and before is not None and stays(_image(spec), before):
        return _kept(spec, before)
    if answer.there is None or container is None:
        return spec
    image = familiar(container.image)
    if "@" not in image:
        image = f"{image}@{answer.there.digest}"
    return _running(spec, image, answer.there.platforms)


def stays(image: str, before: ServiceSpec) -> bool:
    """Whether a service had this image, by this name, with a digest."""
    name, pin, _ = _image(before).partition("@")
    return bool(pin) and familiar(name) == familiar(image)


def _running(spec: ServiceSpec, image: str, platforms: tuple[tuple[str, str], ...]) -> ServiceSpec:
    task = spec.task
    if task.container is None:
        return spec
    # An explicit `platform` overrides the platforms of the image.
    placement = task.placement if task.container.platform else replace(task.placement, platforms=platforms)
    return replace(spec, task=replace(task, container=replace(task.container, image=image), placement=placement))


def resolved(
    engine: Engine,
    services: Iterable[ServiceSpec],
    before: Mapping[str, ServiceSpec],
    how: ResolveImage,
    built: Collection[str],
    warn: Callable[[str], None],
) -> tuple[ServiceSpec, ...]:
    """Pin the services of a deployment; `before` has existing ones by name. Registries are not asked for `built`."""
    services = tuple(services)
    plans = {spec.name: _PLANS[how](spec, before.get(spec.name)) for spec in services}
    wanted = (_image(spec) for spec in services if plans[spec.name] == "ask" and _may_ask(spec, built))
    kept = {_image(spec) for spec in services if spec.name in before and stays(_image(spec), before[spec.name])}
    answers = asked(engine, wanted, warn, kept)
    return tuple(
        _kept(spec, before[spec.name])
        if plans[spec.name] == "keep"
        else pinned(spec, answers.get(_image(spec), Answer()), before.get(spec.name))
        for spec in services
    )


def resolved_one(engine: Engine, spec: ServiceSpec, warn: Callable[[str], None]) -> ServiceSpec:
    """Pin one service."""
    (answer,) = asked(engine, [_image(spec)], warn).values()
    return pinned(spec, answer)


def _image(spec: ServiceSpec) -> str:
    return spec.task.container.image if spec.task.container else ""


def _may_ask(spec: ServiceSpec, built: Collection[str]) -> bool:
    container = spec.task.container
    return container is not None and container.image not in built and container.pull_policy != "never"


def _kept(spec: ServiceSpec, before: ServiceSpec) -> ServiceSpec:
    return _running(spec, _image(before), before.task.placement.platforms)


_Plan = Literal["ask", "keep", "as it is"]


def _same(spec: ServiceSpec, before: ServiceSpec | None) -> bool:
    """Whether the file names the same image as in the last deployment."""
    return before is not None and before.labels.get(IMAGE) == spec.labels.get(IMAGE)


_PLANS: Mapping[ResolveImage, Callable[[ServiceSpec, ServiceSpec | None], _Plan]] = {
    "always": lambda _spec, _before: "ask",
    "changed": lambda spec, before: "keep" if _same(spec, before) else "ask",
    "never": lambda spec, before: "keep" if _same(spec, before) else "as it is",
}
"""When to resolve a service's image (docker/cli's `stack/swarm/deploy_composefile.go`)."""
