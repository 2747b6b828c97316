"""Waits for services until they have converged or cannot, and shows how they stand meanwhile."""

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
"""Seconds between looks at the store; a look costs nothing while nobody has written."""

PENDING = 10.0
"""Seconds that a service may wait for a node before `up` says that it cannot be placed."""


def versions(cluster: Cluster) -> Mapping[str, int]:
    """The version of each service, by id, as a command has just written it: what is waited for."""
    return {one.id: one.version for one in cluster.services.values()}


def standing(
    cluster: Cluster,
    names: Collection[str],
    *,
    now: float = inf,
    steady: float | None = 0.0,
    since: Mapping[str, int] | None = None,
) -> list[Progress]:
    """How the named services stand, all if none is named, in the order of their creation. `since`: `versions`."""
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
    """How the services stand in the end: all converged, or one is stuck, or time is over.

    `timeout` in seconds: what is not above 0 is none, as with docker compose. `keep_alive` is called now and then: a
    manager that was killed meanwhile is started again. `steady`: how long tasks have to run (`progress`), by the
    stack's clock, which `machine` drives. `over`: whether there is nothing to wait for any more, asked when somebody
    has written. `since`: what is waited for (`versions`); its rollback is no success. `patient` is
    called before every pause.
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
    """Does something now and then for as long as somebody waits: a manager that was killed is started again."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._at = time.monotonic()

    def beat(self) -> None:
        """Do it if it was a second ago that it was done."""
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
    """Show progress until the named services have converged; 1 if one cannot, or within `timeout`, with the reason.

    `found` is the stack as the command has written it: a service that is rolled back since has not become that.
    `steady`: how long new tasks have to run; as docker's commands say unless it is given (`progress`).
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
