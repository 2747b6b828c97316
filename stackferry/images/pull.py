"""Pulls images for `pull`, `up --pull` and `run`, and explains why an image cannot be pulled."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.desired.builds import own_image
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.engine.protocol import EngineError
from stackferry.grammar.diagnostics import StackferryError
from stackferry.images.build import tell_failed
from stackferry.render.image_names import familiar
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from stackferry.emulator.engine.image import Layer
    from stackferry.emulator.engine.protocol import Engine


def by_image(stack: DesiredStack) -> dict[str, ContainerSpec]:
    """The images of a stack, each once, with a container that uses it."""
    found: dict[str, ContainerSpec] = {}
    for service in stack.services:
        container = service.task.container
        if container is not None:
            found |= {one.container.image: one.container for one in container.pre_start}
            found[container.image] = container
    return found


def pulled(stack: DesiredStack, *, buildable: bool) -> list[ContainerSpec]:
    """The images that `pull` pulls, without those that are only built here. `buildable`: also images with `build`."""
    own = {
        one.image
        for one in stack.builds
        if not buildable or one.pull_policy == "build" or one.image == own_image(stack.name, one.service)
    }
    return [one for image, one in by_image(stack).items() if image not in own and one.pull_policy != "never"]


def fetch(
    session: Session, engine: "Engine", containers: Iterable[ContainerSpec], *, quiet: bool = False
) -> dict[str, str]:
    """Pull images; returns those that failed, by their names in the stack, with the engine's reason."""
    from stackferry.images.transfer import transfer

    wanted = {familiar(one.image): one for one in containers}
    if wanted:
        session.in_own_process()

    def move(name: str, take: "Callable[[Layer], None]") -> None:
        engine.pull(wanted[name].image, wanted[name].platform, take)

    failed = transfer(session, "pulling", [*wanted], move, quiet=quiet)
    return {wanted[name].image: reason for name, reason in failed.items()}


def refused(failed: dict[str, str]) -> list[str]:
    """A line for each failed image."""
    return [f"{familiar(image)}: {reason}" for image, reason in failed.items()]


def have_images(session: Session, engine: "Engine", stack: DesiredStack, when: str, *, quiet: bool = False) -> None:
    """Pull as `--pull` says: `always`, `missing`, `never`; empty leaves it to the manager.

    Images with a `build` are not pulled; they were built before.
    """
    built = {spec.image for spec in stack.builds}
    wanted = {image: one for image, one in by_image(stack).items() if when == "never" or image not in built}
    if when in ("missing", "never"):
        wanted = {image: one for image, one in wanted.items() if engine.image(image) is None}
    for image, spec in wanted.items():
        if when == "never" or (when == "missing" and spec.pull_policy == "never"):
            hint = "build it with --build" if image in built else f"pull it with `docker pull {image}` or --pull always"
            raise StackferryError(f"no such image: {image}", hint)
    if when:
        tell_failed(session, refused(fetch(session, engine, wanted.values(), quiet=quiet)), PULL_HINT, ignored=False)


def why_missing(session: Session, container: ContainerSpec) -> str:
    """The engine's reason for `No such image`: pulls once more, since tasks keep only the message that a swarm has."""
    if container.pull_policy == "never":
        return "the image is not pulled, because its pull_policy is never"
    from stackferry.engine import connect

    try:
        connect(session).pull(container.image, container.platform)
    except EngineError as error:
        return error.message
    return "the image is available now"


NO_IMAGE = "No such image"
"""The only message that a task keeps, as in a swarm; `pulling.why_missing` finds the reason."""


PULL_HINT = "check the name; for a private registry, run `docker login` first"
