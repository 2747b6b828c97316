"""Images that are built here, in a registry that the cluster reaches: tagged by their content, used by their digest."""

from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.notes import nowhere
from stackferry.images.built import Built, built_images, with_images

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine
    from stackferry.grammar.compose.model.model import Project
    from stackferry.grammar.notes import Origin
    from stackferry.session import Session

HINT = "log in with docker login; you must have permission to push to the registry"


def in_registry(
    session: "Session", project: "Project", registry: str, *, send: bool, origin: "Origin" = nowhere
) -> "Project":
    """The project with those images instead of its builds. Without `send` nothing is built or pushed.

    Raises StackferryError where an image cannot be built or pushed.
    """
    from stackferry.engine import connect

    engine = connect(session)
    images = built_images(session, engine, project, build=send, origin=origin)
    places = {one.service: f"{registry.rstrip('/')}/{one.name}" for one in images}
    if send:
        _push(session, engine, images, places)
    digests = {place: _digest(engine, place) for place in set(places.values())}
    missing = [place for place, digest in digests.items() if digest is None]
    if send and missing:
        raise StackferryError(f"{', '.join(missing)} was pushed, but the registry does not have it", HINT)
    by_digest = {place: f"{place}@{digest}" if digest else place for place, digest in digests.items()}
    return with_images(project, {service: by_digest[place] for service, place in places.items()})


def _push(session: "Session", engine: "Engine", images: tuple[Built, ...], places: dict[str, str]) -> None:
    """Send what the registry does not have: the same content has the same name, so it is never sent twice."""
    from stackferry.images.build import tell_failed
    from stackferry.images.transfer import send

    new: dict[str, Built] = {}
    for image in images:
        place = places[image.service]
        if place not in new and _digest(engine, place) is None:
            engine.tag(image.id, place)
            new[place] = image
    try:
        tell_failed(session, send(session, engine, new, quiet=False), HINT, ignored=False)
    finally:
        # The names were for the way only: left here, they would keep the image of every version for ever.
        for place in new:
            engine.remove_image(place)


def _digest(engine: "Engine", name: str) -> str | None:
    """What the registry calls the image, None if it does not have it."""
    from stackferry.emulator.engine.protocol import EngineError

    try:
        return engine.distribution(name).digest
    except EngineError:
        return None
