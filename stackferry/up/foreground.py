"""The manager in the foreground: shows the tasks' output, with progress below it until the stack has converged.

Ctrl-C stops the services and waits for their end; a second Ctrl-C exits at once and leaves everything as it is.
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import reduce
from typing import TYPE_CHECKING

from stackferry.display.output import pass_on
from stackferry.display.progress import display_for
from stackferry.emulator.cluster.event import stored
from stackferry.emulator.cluster.happenings import happenings
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.control.change import stop_service, with_grace
from stackferry.emulator.control.convergence import STEADY
from stackferry.emulator.control.endings import Leaving, endings, leaving
from stackferry.emulator.control.progress import Progress
from stackferry.emulator.manager.manager import Manager, ManagerRunsError
from stackferry.emulator.manager.wake import wake
from stackferry.emulator.store.clock import Clock
from stackferry.emulator.store.store import Store
from stackferry.session import Session
from stackferry.up.attached import AttachedRun
from stackferry.up.options import Shown, Until
from stackferry.up.task_output import TaskOutput
from stackferry.up.wait import is_settled, standing, versions

if TYPE_CHECKING:
    from stackferry.deploy.deploy import Ready
    from stackferry.emulator.engine.protocol import Engine


def stay(
    session: Session,
    engine: "Engine",
    ready: "Ready",
    *,
    quiet: bool,
    ended: Callable[[list[Progress]], int],
    until: Until | None = None,
    grace: float | None = None,
    shown: Shown | None = None,
) -> int:
    """Manage the stack, or watch if another process manages it, until it is stopped.

    Returns the exit code: that of the convergence, 130, or the one that `until` gives.

    Raises BrokenPipeError if the reader of the tasks' output is gone.
    """
    it = _Stay(session, ready, quiet, ended, until, grace, shown)
    manager: Manager | AttachedRun
    try:
        manager = Manager(ready.home, ready.stack, engine, session.environment, it.pass_over)
    except ManagerRunsError as error:
        # The desired state is stored: the other manager applies it, and outlives this command.
        session.note(f"{error}; continuing with this one")
        manager = AttachedRun(ready, session.environment, it.pass_over)
    it.leave, it.clock = manager.stop, manager.clock
    session.at_end.callback(it.let_go)
    if not quiet:
        it.echo.begin(it.above)
    previous = [signal.signal(number, it.interrupted) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        manager.run(lambda cluster: it.ending and all(task.ended for task in cluster.tasks.values()))
        it.echo.end()
    finally:
        it.look_no_more()
        it.display.leave()
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), previous, strict=True):
            signal.signal(number, handler)
    return it.exit_code()


class _Stay:
    """The display and its state between passes."""

    def __init__(
        self,
        session: Session,
        ready: "Ready",
        quiet: bool,
        ended: Callable[[list[Progress]], int],
        until: Until | None,
        grace: float | None,
        shown: Shown | None,
    ) -> None:
        self.session, self.ready, self.quiet, self.ended = session, ready, quiet, ended
        self.until, self.grace = until, grace
        self.names = {spec.name for spec in ready.desired.services}
        self.since = versions(ready.deployed.cluster)
        self.display = display_for(session, quiet=quiet)
        self.echo = TaskOutput(session, ready, self.unread, shown)
        self.leave: Callable[[], None] = lambda: None
        self.clock: Clock = time.monotonic
        self.converged = self.ending = self.unheard = False
        self.code = self.interrupts = 0
        self.first: Cluster | None = None
        self.last = Cluster()
        self.ended_first: Task | None = None
        self.leaving: Leaving | None = None
        self._lock = threading.RLock()
        self._later: threading.Timer | None = None

    def pass_over(self, cluster: Cluster) -> None:
        """Show changes; stop all services if a task has ended that `until` names."""
        with self._lock:
            self._pass_over(cluster)

    def _pass_over(self, cluster: Cluster) -> None:
        before, self.last = self.last, cluster
        self.first = self.first or cluster
        if self.until is not None and not self.ending:
            self.ended_first = self.until.first_end(self.first, cluster)
            if self.ended_first is not None:
                self.display.leave()
                self.session.note(f"{cluster.task_name(self.ended_first)} has exited: stopping all")
                self.stop()
        if self.ending:
            self._show_end(before, cluster)
        elif self.converged:
            for event in () if self.quiet else happenings(before, cluster):
                if self.session.progress == "json":
                    pass_on("stderr", f"{stored(event)}\n".encode())
                else:
                    self.session.note(str(event))
        else:
            self._look(cluster)

    def _show_end(self, before: Cluster, cluster: Cluster) -> None:
        if self.leaving is None:
            self.leaving = leaving(before if before.services else cluster)
            self.display = display_for(self.session, quiet=self.quiet, done="stopped")
        self.display.show(endings(self.leaving, cluster, removed=False))

    def _look(self, cluster: Cluster) -> None:
        """Show the state of services; schedule another look for when their tasks will have run for long enough."""
        self.look_no_more()
        found = standing(cluster, self.names, now=self.clock(), steady=STEADY, since=self.since)
        self.display.show(found)
        if is_settled(found):
            self.display.leave()
            self.code, self.converged = self.ended(found), True
        elif due := min((one.steady_at for one in found if one.steady_at), default=0.0):
            self._later = threading.Timer(max(due - self.clock(), 0.0), self._look_again)
            self._later.daemon = True
            self._later.start()

    def _look_again(self) -> None:
        with self._lock:
            if self._later is not None and not self.converged and not self.ending:
                self._look(self.last)

    def look_no_more(self) -> None:
        """Cancel the scheduled look."""
        with self._lock:
            if self._later is not None:
                self._later.cancel()
            self._later = None

    def above(self) -> AbstractContextManager[None]:
        """Make room for whole lines above the current block."""
        return self.display.above()

    def stop(self) -> None:
        """Stop all services, in another thread: this one may be within a transaction."""
        self.ending = True
        threading.Thread(target=stop_services, args=(self.ready, self.grace), daemon=True).start()

    def interrupted(self, *_: object) -> None:
        """Handle Ctrl-C."""
        self.interrupts += 1
        if self.interrupts > 1:
            self.leave()
            return
        self.display.leave()
        # The terminal has echoed the key as ^C.
        wiped = "\r\x1b[K" if self.display.live else ""
        self.session.note(f"{wiped}stopping; press Ctrl-C again to leave the rest running")
        self.stop()

    def unread(self) -> None:
        """Stop because the reader of the output is gone: `up | head`."""
        self.unheard = True
        self.leave()

    def let_go(self) -> None:
        """At the end of the run, after a second Ctrl-C: exit without waiting for the engine, which may take a grace."""
        if self.interrupts > 1:
            os._exit(130)

    def exit_code(self) -> int:
        """The exit code at the end."""
        if self.unheard:
            raise BrokenPipeError
        if self.interrupts:
            return 130
        if self.until is not None and self.ended_first is not None:
            return self.until.code(self.last, self.ended_first)
        return self.code


def stop_services(ready: "Ready", grace: float | None = None) -> None:
    """Request the stop of every service; the services stay in the store."""

    def stopped(cluster: Cluster, service: str) -> Cluster:
        return stop_service(cluster if grace is None else with_grace(cluster, service, grace), service)

    store = Store(ready.home.database)
    store.change(lambda cluster: reduce(stopped, cluster.services, cluster))
    store.close()
    wake(ready.home)
