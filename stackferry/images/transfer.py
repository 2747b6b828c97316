"""Images from or to registries, several at a time, and how far they are: what pulling and pushing have in common."""

import threading
from collections.abc import Callable, Sequence

from stackferry.display.transfers import TransferDisplay
from stackferry.emulator.engine.image import Layer
from stackferry.emulator.engine.protocol import EngineError
from stackferry.session import Session

AT_ONCE = 4
"""So many images at a time. An engine fetches three layers at once, and sends five."""

Move = Callable[[str, Callable[[Layer], None]], None]
"""Moves an image, and tells of its layers."""


def transfer(session: Session, doing: str, names: Sequence[str], move: Move, *, quiet: bool = False) -> dict[str, str]:
    """Move images; gives those that could not be moved, in their order, with the engine's reason.

    Ctrl-C ends it at once: the threads do not keep the program, and an engine ends what nobody waits for.
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
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if bugs:
        raise bugs[0]
    return {name: failed[name] for name in names if name in failed}


def _nothing(_text: str) -> None:
    """Say nothing."""
