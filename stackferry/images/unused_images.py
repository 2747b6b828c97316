"""Removes the images of a stack that has ended: `down --rmi`, as in docker compose."""

from dataclasses import replace
from typing import TYPE_CHECKING

from stackferry.emulator.cluster.labels import IMAGE
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.desired.builds import own_image
from stackferry.emulator.engine.protocol import EngineError
from stackferry.grammar.diagnostics import StackferryError
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable


def images_of(cluster: Cluster, stack: str, *, built_only: bool) -> tuple[str, ...]:
    """The images of a stack's services, each once; `built_only`: only built images named after their service."""
    found = []
    for service in cluster.services.values():
        container = service.spec.task.container
        if container is None:
            continue
        image = service.spec.labels.get(IMAGE, container.image)
        own = own_image(stack, service.spec.name.removeprefix(f"{stack}_"))
        if not built_only or image in (own, f"{own}:latest"):
            found.append(image)
    return tuple(dict.fromkeys(found))


def images_of_files(session: Session, *, built_only: bool) -> tuple[str, ...]:
    """The same for the services of the files: perhaps only `run` or `build` has made their images.

    Built images count in all profiles, as with docker compose's --remove-orphans; images with an explicit name only
    in enabled profiles. A stack that is named with `-p` can be removed without its files.
    """
    from stackferry.emulator.desired.builds import build_specs, image_of
    from stackferry.options.stack_options import load_stack, requested

    try:
        project = load_stack(session).project
        every = load_stack(session, replace(requested(session), profiles=("*",))).project
    except StackferryError:
        if session.stack.project_name or session.environment.get("COMPOSE_PROJECT_NAME"):
            return ()
        raise
    built = tuple(one.image for one in build_specs(every) if one.image == own_image(every.name, one.service))
    if built_only:
        return built
    named = (image_of(service, project) for service in project.services.values() if service.image or service.build)
    return tuple(dict.fromkeys((*named, *built)))


def remove_images(session: Session, images: "Iterable[str]") -> None:
    """Remove existing images. An image in use stays and is reported, which is not a failure, as in compose."""
    from stackferry.engine import connect

    engine = connect(session)
    for image in dict.fromkeys(images):
        if engine.image(image) is None:
            continue
        try:
            engine.remove_image(image)
        except EngineError as error:
            session.note(f"image {image} stays: {error.message}")
        else:
            session.note(f"Removing image {image}")
