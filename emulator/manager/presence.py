"""Having a manager: the one that runs is woken, else one is started in the background.

What commands call that have changed what is wanted. Apart from `manager.py`, because mostly one runs already, and
loading all of it takes longer than the rest of such a command.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stackferry.emulator.manager.lock import manager_pid
from stackferry.emulator.manager.wake import wake
from stackferry.emulator.store.directories import Home

if TYPE_CHECKING:
    from stackferry.emulator.manager.background import Begun


_begun: "dict[Path, Begun]" = {}
"""The managers that this process started, by the stack's folder: who waits asks again and again."""


def ensure_running(
    home: Home, stack: str, environment: Mapping[str, str], become: Callable[[], None] | None = None
) -> None:
    """Wake the manager of a stack; start one in the background, and who looks after it, when none runs.

    `become` is the whole life of a manager, for a process that may go on as one in a child of its own.
    """
    if manager_pid(home) is not None and wake(home):
        return
    if not home.database.exists():
        # Nothing is wanted of a stack that was removed, nor is its folder.
        return
    from stackferry.emulator.manager.background import fork, spawn
    from stackferry.emulator.manager.engine_lock import refuse_known_rival
    from stackferry.emulator.manager.supervision import supervision
    from stackferry.emulator.manager.supervisor import hurry

    begun = _begun.get(home.directory)
    if begun is not None and begun.poll() is None:
        # It has not come as far as its lock yet, or another manager was quicker and it is about to end; or its
        # supervisor pauses before it starts it again.
        hurry(str(home.directory))
        return
    refuse_known_rival(home, stack)
    care = supervision(home, stack, environment)
    child = fork(home, become, care, environment) if become is not None else None
    _begun[home.directory] = child or spawn(home, care, environment)
