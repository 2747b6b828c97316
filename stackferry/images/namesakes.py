"""Services with the name of an image that is here: docker's line for the image is ours for the service."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stackferry.emulator.desired.stack import DesiredStack
from stackferry.render.image_names import familiar
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine


def tell_namesakes(session: Session, engine: "Engine", words: Iterable[str]) -> None:
    """Say in one line each that these words of the command line were taken for services, where an image has the name.

    Raises EngineError.
    """
    for word in words:
        image = familiar(word)
        if engine.image(image) is not None:
            session.note(
                f"{word} is both a service of the stack and an image: using the service; for the image, write {image}"
            )


def with_other_images(stack: DesiredStack, words: Iterable[str]) -> list[str]:
    """Those of the services' keys by which no image of theirs is called: to move one is not to move the other."""
    images = {one.name: one.task.container.image for one in stack.services if one.task.container is not None}
    return [word for word in words if familiar(images.get(stack.names.get(word, ""), "")) != familiar(word)]
