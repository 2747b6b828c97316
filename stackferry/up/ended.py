"""Waits until the tasks of stopped services have ended, and shows their progress."""

import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from stackferry.display.progress import display_for
from stackferry.emulator.control.endings import endings, leaving
from stackferry.emulator.manager.presence import ensure_running
from stackferry.lookup.stacks import changing
from stackferry.up.wait import LOOK, Pulse

if TYPE_CHECKING:
    from stackferry.lookup.stacks import Found
    from stackferry.session import Session


def await_ended(session: "Session", found: "Found", ids: Sequence[str]) -> None:
    """Wait for services, by their ids; restarts a manager that dies meanwhile."""
    begun = leaving(found.cluster, ids)
    alive = Pulse(partial(ensure_running, found.home, found.stack, session.environment))
    with changing(found) as store, display_for(session, quiet=False, done="stopped") as display:
        while True:
            if store.written_by_others():
                cluster = store.load()
                display.show(endings(begun, cluster, removed=False))
                tasks = [task for task in cluster.tasks.values() if task.service_id in ids]
                # A task that is still wanted was not told to stop yet; one without a container never runs.
                if all(task.ended for task in tasks if task.wanted or task.container_id):
                    return
            alive.beat()
            time.sleep(LOOK)
