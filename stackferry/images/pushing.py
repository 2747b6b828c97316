"""Images to a registry: what `push` and `build --push` send."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stackferry.emulator.desired.builds import own_image
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.images.transfer import transfer
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine

HINT = "build it first; a private registry wants `docker login`"


def own_names(stack: DesiredStack) -> list[str]:
    """The names of what is built here and has one, each once."""
    own = (one for one in stack.builds if one.image != own_image(stack.name, one.service))
    return list(dict.fromkeys(name for one in own for name in (one.image, *one.build.tags)))


def send(session: Session, engine: "Engine", names: Iterable[str], *, quiet: bool) -> list[str]:
    """Send images; gives a line for each that could not be sent."""
    failed = transfer(session, "pushing", [*names], engine.push, quiet=quiet)
    return [f"{image}: {reason}" for image, reason in failed.items()]
