"""Which image a name means now: its registry is asked for the digest, and the service is given it, as docker does.

Of docker's own words: `stack deploy`, `service create`, `service update --image`. That is how they notice that a new
image was pushed under the same name. Pure but for `Engine.distribution` and `Engine.image`. A registry is not asked
for what was made here: no task could pull that.
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
"""So many images are asked for at a time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of an image: `there`, or `trouble` that kept its registry from telling; neither: not asked."""

    there: Distribution | None = None
    trouble: str = ""


def ask(engine: Engine, image: str) -> Answer:
    """Ask for one image."""
    try:
        return Answer() if _made_here(engine, image) else Answer(engine.distribution(image))
    except EngineError as error:
        return Answer(trouble=error.message)


def _made_here(engine: Engine, image: str) -> bool:
    """It is here, and no registry gave it or was given it."""
    info = engine.image(image)
    return info is not None and not any(one.partition("@")[0] == repository(image) for one in info.digests)


def asked(
    engine: Engine, images: Iterable[str], warn: Callable[[str], None], kept: Collection[str] = ()
) -> dict[str, Answer]:
    """Ask for several, and tell of those whose registry could not be asked; docker's warning has no reason.

    `kept` are those that stay then what they were found to be before (`stays`).
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
    """The service with the digest of its image, and only on nodes that it is made for.

    Where a registry could not tell, it is the digest of `before`, of the same image: no task is replaced for that.
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
    """Whether a service had this image, under this name, with a digest."""
    name, pin, _ = _image(before).partition("@")
    return bool(pin) and familiar(name) == familiar(image)


def _running(spec: ServiceSpec, image: str, platforms: tuple[tuple[str, str], ...]) -> ServiceSpec:
    task = spec.task
    if task.container is None:
        return spec
    # Who names a platform gets it, whatever the nodes are.
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
    """The services of a deployment; `before` has those that there are, by name. Nobody asks for `built` images."""
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
    """One service."""
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
    """The file names the same image as when the service was deployed last."""
    return before is not None and before.labels.get(IMAGE) == spec.labels.get(IMAGE)


_PLANS: Mapping[ResolveImage, Callable[[ServiceSpec, ServiceSpec | None], _Plan]] = {
    "always": lambda _spec, _before: "ask",
    "changed": lambda spec, before: "keep" if _same(spec, before) else "ask",
    "never": lambda spec, before: "keep" if _same(spec, before) else "as it is",
}
"""What to do about a service's image (docker/cli's `stack/swarm/deploy_composefile.go`)."""
