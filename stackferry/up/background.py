"""Brings a deployed stack up: in the foreground (`foreground.py`), or with a manager in the background."""

from functools import partial
from typing import TYPE_CHECKING

from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.deploy.deploy import Ready
    from stackferry.deploy.request import DeployRequest
    from stackferry.emulator.control.progress import Progress
    from stackferry.up.options import Shown, Until


def bring_up(
    session: Session,
    request: "DeployRequest",
    *,
    detach: bool,
    quiet: bool,
    timeout: float | None = None,
    until: "Until | None" = None,
    shown: "Shown | None" = None,
) -> int:
    """Deploy, and wait as the options ask."""
    import gc
    from dataclasses import replace

    from stackferry.deploy.deploy import put_in_force
    from stackferry.engine import connect

    if not detach:
        session.in_own_process()
    gc.enable()
    engine = connect(session)
    ready = put_in_force(session, engine, request)
    if detach:
        engine.close()
        return _in_background(session, ready, quiet=quiet, timeout=timeout)
    from stackferry.emulator.manager.presence import ensure_running
    from stackferry.up.foreground import stay
    from stackferry.up.summary import report

    try:
        return stay(
            session,
            engine,
            ready,
            quiet=quiet,
            ended=lambda found: report(session, ready, found),
            until=until and replace(until, code_of=ready.desired.names.get(until.code_of, "")),
            grace=request.rollout.grace,
            shown=shown,
        )
    except BrokenPipeError:
        # The stack keeps running, as programs in the background do.
        ensure_running(ready.home, ready.stack, session.environment)
        raise


def _in_background(session: Session, ready: "Ready", *, quiet: bool, timeout: float | None) -> int:
    from stackferry.emulator.control.convergence import STEADY
    from stackferry.up.summary import report

    return report(session, ready, wait_for(session, ready, quiet=quiet, timeout=timeout, steady=STEADY))


def wait_for(
    session: Session, ready: "Ready", *, quiet: bool, timeout: float | None, steady: float | None
) -> "list[Progress]":
    """Run a manager in the background, and follow it until the services have converged (`steady`: `progress`)."""
    from stackferry.display.progress import display_for
    from stackferry.emulator.manager.presence import ensure_running
    from stackferry.emulator.store.store import Store, StoreGoneError
    from stackferry.up.replaced import replaced_by
    from stackferry.up.wait import follow, versions

    keep(session, ready)
    try:
        store = Store(ready.home.database, make=False)
    except StoreGoneError:
        # A concurrent `down` was faster; `report` says so.
        return []
    display = display_for(session, quiet=quiet)
    names = [spec.name for spec in ready.desired.services]
    alive = partial(ensure_running, ready.home, ready.stack, session.environment)
    since, over = versions(ready.deployed.cluster), partial(replaced_by, ready)
    found = follow(
        store, names, display, timeout, alive, steady=steady, since=since, over=over, patient=session.in_own_process
    )
    store.close()
    return found


def keep(session: Session, ready: "Ready") -> None:
    """Run a manager in the background. No connection to the engine may be open: `manager/background.py`."""
    from stackferry.emulator.manager.presence import ensure_running

    ensure_running(ready.home, ready.stack, session.environment, partial(be_manager, session, ready.stack))


def be_manager(session: Session, stack: str) -> None:
    """Run the manager in this process until it ends: `manager run`, or the background process of `up -d`."""
    import gc
    import logging

    from stackferry.emulator.manager.logfile import LogFile
    from stackferry.emulator.manager.manager import run_here
    from stackferry.emulator.store.directories import home
    from stackferry.engine import connect
    from stackferry.standby.keeper import keep as keep_standby

    gc.enable()
    place = home(session.environment, stack)
    words = "%(asctime)s %(levelname)s %(message)s"
    logging.basicConfig(level=logging.INFO, format=words, handlers=[LogFile(place.log)])
    keep_standby(session.environment)
    # A manager may be restarted after something killed both it and the engine, which may not answer yet.
    run_here(place, stack, connect(session, patient=True), session.environment)
