"""Images that nothing of a stack needs any more: `down --rmi`, as docker compose has it."""

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
    """The images of a stack's services, each once; `built_only`: those that the build called after their service."""
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
    """The same of the services of the files: only `run` or `build` may have had their images.

    What is built here is ours, whatever the profile, as with docker compose's --remove-orphans; images with a name
    of their own go with the enabled profiles only. A stack that is named can be ended without its files.
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
    """Remove those that are here. One that is in use stays and is told of, which is no failure, as in compose."""
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
