"""Makes sure that a stack has a manager: wakes the running one, or starts one in the background.

Commands that have changed the desired state call this. It is apart from `manager.py`, because a manager mostly runs
already, and loading all of that module takes longer than the rest of such a command.
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
"""The managers that this process started, by the stack's folder: waiting callers ask again and again."""


def ensure_running(
    home: Home, stack: str, environment: Mapping[str, str], become: Callable[[], None] | None = None
) -> None:
    """Wake the manager of a stack; if none runs, start one and its supervisor in the background.

    `become` is the whole life of a manager, for a process that may go on as the manager in a child of its own.
    """
    if manager_pid(home) is not None and wake(home):
        return
    if not home.database.exists():
        # A removed stack needs no manager, nor a folder.
        return
    from stackferry.emulator.manager.background import fork, spawn
    from stackferry.emulator.manager.engine_lock import refuse_known_rival
    from stackferry.emulator.manager.supervision import supervision
    from stackferry.emulator.manager.supervisor import hurry

    begun = _begun.get(home.directory)
    if begun is not None and begun.poll() is None:
        # The new manager has no lock yet, or another manager was quicker and the new one is about to end; or the
        # supervisor pauses before it restarts the manager.
        hurry(str(home.directory))
        return
    refuse_known_rival(home, stack)
    care = supervision(home, stack, environment)
    child = fork(home, become, care, environment) if become is not None else None
    _begun[home.directory] = child or spawn(home, care, environment)
