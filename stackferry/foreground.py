"""The manager in the foreground: shows progress until the stack has converged, then what happens to it.

Ctrl-C stops the services and waits for their end; a second one leaves everything as it is at that moment.
"""

import signal
import sys
import threading
from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING

from emulator.change import stop_service
from emulator.cluster import Cluster
from emulator.convergence import Progress
from emulator.history import happenings
from emulator.lock import wake
from emulator.manager import Manager
from emulator.store import Store
from stackferry.following import is_over, standing
from stackferry.render.progress import ProgressDisplay
from stackferry.session import Session

if TYPE_CHECKING:
    from emulator.door import Engine
    from stackferry.deploying import Ready


def stay(
    session: Session, engine: "Engine", ready: "Ready", *, quiet: bool, ended: Callable[[list[Progress]], int]
) -> int:
    """Manage the stack until it is stopped. The exit code is that of the convergence, or 130."""
    display = ProgressDisplay(session.style(error_stream=True), quiet=quiet)
    names = {spec.name for spec in ready.desired.services}
    state = _State()

    def pass_over(cluster: Cluster) -> None:
        if state.converged:
            if not quiet:
                for line in happenings(state.last, cluster):
                    print(line, file=sys.stderr)
            state.last = cluster
            return
        found = standing(cluster, names)
        display.show(found)
        if is_over(found):
            state.code = ended(found)
            state.converged, state.last = True, cluster

    manager = Manager(ready.home, ready.stack, engine, session.environment, pass_over)

    def interrupted(*_: object) -> None:
        state.interrupts += 1
        if state.interrupts > 1:
            manager.stop()
            return
        session.note("stopping; Ctrl-C again leaves the rest as it is")
        # Not in the handler: it may interrupt a transaction of this very process.
        threading.Thread(target=stop_services, args=(ready,), daemon=True).start()

    previous = [signal.signal(number, interrupted) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        manager.run(lambda cluster: bool(state.interrupts) and all(task.ended for task in cluster.tasks.values()))
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), previous, strict=True):
            signal.signal(number, handler)
    return 130 if state.interrupts else state.code


class _State:
    """What the display remembers between passes."""

    def __init__(self) -> None:
        self.converged = False
        self.code = 0
        self.interrupts = 0
        self.last = Cluster()


def stop_services(ready: "Ready") -> None:
    """Ask for the end of every service; their records stay."""
    store = Store(ready.home.database)
    store.change(lambda cluster: reduce(stop_service, cluster.services, cluster))
    store.close()
    wake(ready.home)
