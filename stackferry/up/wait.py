"""Waits until services have converged or failed to, and shows their progress."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from math import inf

from stackferry.display.progress import ProgressDisplay, display_for
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.control.convergence import STEADY, progress
from stackferry.emulator.control.progress import Kind, Progress, Standing
from stackferry.emulator.store.clock import Machine, read_clock
from stackferry.emulator.store.store import Store
from stackferry.lookup.stacks import Found, changing
from stackferry.session import Session

LOOK = 0.05
"""Seconds between checks of the store, which cost nothing while nobody has written."""

PENDING = 10.0
"""Seconds that a service may wait for a node before `up` says that it cannot be placed."""


def versions(cluster: Cluster) -> Mapping[str, int]:
    """The version of each service, by id, as a command has just written it, for `since`."""
    return {one.id: one.version for one in cluster.services.values()}


def standing(
    cluster: Cluster,
    names: Collection[str],
    *,
    now: float = inf,
    steady: float | None = 0.0,
    since: Mapping[str, int] | None = None,
) -> list[Progress]:
    """The progress of the named services, or of all, in the order of their creation. `since`: from `versions`."""
    return [
        progress(cluster, service, now=now, steady=steady, since=(since or {}).get(service.id))
        for service in cluster.services.values()
        if not service.removed and (not names or service.spec.name in names)
    ]


def follow(
    store: Store,
    names: Collection[str],
    display: ProgressDisplay,
    timeout: float | None = None,
    keep_alive: Callable[[], None] = lambda: None,
    *,
    steady: float | None = STEADY,
    machine: Machine | None = None,
    over: Callable[[Store], object] = lambda _: None,
    since: Mapping[str, int] | None = None,
    patient: Callable[[], None] = lambda: None,
) -> list[Progress]:
    """Wait until all services have converged, one is stuck, or time is over; returns their final progress.

    `timeout` in seconds: 0 or less means none, as with docker compose. `keep_alive` is called from time to time to
    restart a manager that was killed. `steady`: how long tasks have to run (`progress`), by the stack's clock, which
    `machine` drives. `over`: whether there is nothing left to wait for, called after each write to the store.
    `since`: the versions to wait for (`versions`); their rollback is not a success. `patient` is called before every
    pause.
    """
    begun, alive = time.monotonic(), Pulse(keep_alive)
    waiting_since: dict[str, float] = {}
    found: list[Progress] = []
    cluster: Cluster | None = None
    with display:
        while True:
            if store.written_by_others() or cluster is None:
                cluster, found = store.load(), []
                clock = read_clock(store, cluster, machine)
                if over(store):
                    return standing(cluster, names, now=clock(), steady=steady, since=since)
            if not found or any(0.0 < one.steady_at <= clock() for one in found):
                found = standing(cluster, names, now=clock(), steady=steady, since=since)
                display.show(found)
            now = time.monotonic()
            for service in found:
                if service.waits_for is not None and service.waits_for.kind is Kind.NODE:
                    waiting_since.setdefault(service.name, now)
                else:
                    waiting_since.pop(service.name, None)
            if is_settled(found) or any(now - at > PENDING for at in waiting_since.values()):
                return found
            if timeout and 0.0 < timeout < now - begun:
                return found
            patient()
            alive.beat()
            time.sleep(LOOK)


_ENDS = (Standing.CONVERGED, Standing.ROLLED_BACK)


def is_settled(found: Sequence[Progress]) -> bool:
    """Whether there is nothing left to wait for."""
    return any(one.standing is Standing.STUCK for one in found) or all(one.standing in _ENDS for one in found)


class Pulse:
    """Calls a function about once a second during a wait, to restart a manager that was killed."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._at = time.monotonic()

    def beat(self) -> None:
        """Call the function if the last call was at least a second ago."""
        if time.monotonic() > self._at + 1.0:
            self._at = time.monotonic()
            self._act()


def converge(
    session: Session,
    found: Found,
    names: Sequence[str],
    *,
    detach: bool,
    quiet: bool = False,
    steady: float | None = None,
    timeout: float | None = None,
) -> int:
    """Show progress until the named services have converged; returns 1, with the reason, if one fails or times out.

    `found` is the stack as the command has written it: a service that was rolled back since then has failed.
    `steady`: how long new tasks have to run; by default as docker's commands do (`progress`).
    """
    if detach:
        return 0
    from stackferry.emulator.manager.presence import ensure_running

    display = display_for(session, quiet=quiet)
    with changing(found) as store:
        ended = follow(
            store,
            names,
            display,
            timeout,
            lambda: ensure_running(found.home, found.stack, session.environment),
            steady=steady,
            since=versions(found.cluster),
        )
    failed = [one for one in ended if one.standing is not Standing.CONVERGED]
    if failed:
        from stackferry.up.summary import tell

        for service in failed:
            tell(session, found.stack, service)
    return 1 if failed else 0
