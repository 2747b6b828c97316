"""Pushes images that are built here to a registry of the cluster: tagged by content, referenced by digest."""

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
    """The project with the pushed images instead of its builds. Without `send`, nothing is built or pushed.

    Raises StackferryError if an image cannot be built or pushed.
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
    """Push the images that the registry lacks: equal content has an equal name, so it is never pushed twice."""
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
        # The names were only for the push: if they stayed, they would keep every version of the image for ever.
        for place in new:
            engine.remove_image(place)


def _digest(engine: "Engine", name: str) -> str | None:
    """The image's digest in the registry; None if the registry does not have it."""
    from stackferry.emulator.engine.protocol import EngineError

    try:
        return engine.distribution(name).digest
    except EngineError:
        return None
