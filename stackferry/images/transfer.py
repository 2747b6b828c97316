"""Transfers several images at a time from or to registries, with progress: the common part of pull and push."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stackferry.emulator.desired.builds import own_image
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine

import threading
from collections.abc import Callable, Sequence

from stackferry.display.transfers import TransferDisplay
from stackferry.emulator.engine.image import Layer
from stackferry.emulator.engine.protocol import EngineError

AT_ONCE = 4
"""Most images at a time. An engine pulls three layers at once, and pushes five."""

Move = Callable[[str, Callable[[Layer], None]], None]
"""Transfers an image, and reports the progress of its layers."""


def transfer(session: Session, doing: str, names: Sequence[str], move: Move, *, quiet: bool = False) -> dict[str, str]:
    """Transfer images; returns those that failed, in order, with the engine's reason.

    Ctrl-C ends it at once: the threads are daemons, and an engine cancels a transfer whose client is gone.
    """
    quiet = quiet or session.silent
    live = session.redraws(error_stream=True) and not quiet and not session.machine
    display = TransferDisplay(doing, _nothing if quiet else session.note, live=live)
    waiting = iter(names)
    failed: dict[str, str] = {}
    bugs: list[Exception] = []
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                name = next(waiting, None)
                if name is None:
                    return
                take = display.begin(name)
            try:
                move(name, take)
            except EngineError as error:
                failed[name] = error.message
            except Exception as error:  # noqa: BLE001 - raised where it is handled, in the caller's thread
                bugs.append(error)
            display.end(name, "✘" if name in failed else "✔")

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(session.parallel or AT_ONCE, len(names)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if bugs:
        raise bugs[0]
    return {name: failed[name] for name in names if name in failed}


def _nothing(_text: str) -> None:
    """Discard a line of progress."""


HINT = "build it first; for a private registry, run `docker login`"


def own_names(stack: DesiredStack) -> list[str]:
    """The explicit names of images that are built here, each once."""
    own = (one for one in stack.builds if one.image != own_image(stack.name, one.service))
    return list(dict.fromkeys(name for one in own for name in (one.image, *one.build.tags)))


def send(session: Session, engine: "Engine", names: Iterable[str], *, quiet: bool) -> list[str]:
    """Push images; returns a line for each that failed."""
    failed = transfer(session, "pushing", [*names], engine.push, quiet=quiet)
    return [f"{image}: {reason}" for image, reason in failed.items()]
