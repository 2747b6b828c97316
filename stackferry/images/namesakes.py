"""Notes that a word was taken for a service although an image has the same name: docker would use the image."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stackferry.emulator.desired.stack import DesiredStack
from stackferry.render.image_names import familiar
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine


def tell_namesakes(session: Session, engine: "Engine", words: Iterable[str]) -> None:
    """Print a line for each word that was taken for a service although an image with that name exists.

    Raises EngineError.
    """
    for word in words:
        image = familiar(word)
        if engine.image(image) is not None:
            session.note(
                f"{word} is both a service of the stack and an image: using the service; for the image, write {image}"
            )


def with_other_images(stack: DesiredStack, words: Iterable[str]) -> list[str]:
    """The words that are service keys but not the names of their images: pulling one does not pull the other."""
    images = {one.name: one.task.container.image for one in stack.services if one.task.container is not None}
    return [word for word in words if familiar(images.get(stack.names.get(word, ""), "")) != familiar(word)]
