"""Runs one helper in the network namespace of a task: a container that removes itself after a moment.

`return_marks.py` says when.
Its output is read from before its start, so nothing is missed, and its last line says how it ended: a container that
removes itself leaves no exit code to ask for.
"""

import threading
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress

from stackferry.emulator.engine.protocol import Engine, EngineError
from stackferry.emulator.webnet.return_path import LOOSE, STRICT, Answer, Marked, ReturnPath, answer, helper_body
from stackferry.grammar.diagnostics import StackferryError

PATIENCE = 60.0
"""Seconds that a helper may take; it needs half a second on a busy machine."""

Named = Callable[[str], None]
"""Called with the name of a helper before it is created."""


class ReturnRefusedError(StackferryError):
    """A task's answers cannot be routed back this way, and a retry will not help."""


def mark(
    engine: Engine, stack: str, image: str, task_id: str, path: ReturnPath, named: Named = lambda _: None
) -> Marked:
    """Have a task's answers go back through its gate. Raises ReturnRefusedError; EngineError for temporary errors."""

    def once(sysctls: Mapping[str, str]) -> Answer:
        name = f"{stack}.return.{uuid.uuid4().hex[:12]}"
        named(name)
        return _run(engine, name, helper_body(path, task_id, stack, image, sysctls))

    found = once({})
    if found.code == STRICT:
        found = once(LOOSE)
    if found.code == 0 and found.protocols:
        return Marked(path, found.protocols)
    if found.code < 0:
        raise EngineError(f"lost the connection to a helper of {path.service}: {found.said}".rstrip(": "))
    raise ReturnRefusedError(found.said or f"a helper exited with code {found.code}")


def _run(engine: Engine, name: str, body: Mapping[str, object]) -> Answer:
    container = engine.create(name, body)

    def remove() -> None:
        with suppress(EngineError):
            engine.remove(container)

    try:
        session = engine.attach(container, stdin=False)
        # Removing its container ends its output.
        guard = threading.Timer(PATIENCE, remove)
        guard.daemon = True
        guard.start()
        try:
            engine.start(container)
            said = b""
            while (piece := session.read()) is not None:
                said += piece[1]
        finally:
            guard.cancel()
            session.close()
    except BaseException:
        remove()
        raise
    found = answer(said.decode(errors="replace"))
    if found.code < 0:
        # It may still run.
        remove()
    return found
