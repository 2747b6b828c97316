"""`stackferry up`: run the stack of this folder with swarm's semantics, and keep it running."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from stackferry.session import Session
from stackferry.stack import stack_options

if TYPE_CHECKING:
    from emulator.convergence import Progress
    from stackferry.deploying import Ready, Wish


@stack_options
def up(
    session: Session,
    services: Annotated[
        list[str] | None, typer.Argument(metavar="[SERVICE]...", help="Only these, and what they depend on.")
    ] = None,
    detach: Annotated[bool, typer.Option("-d", "--detach", help="Let a manager keep it in the background.")] = False,
    build: Annotated[bool, typer.Option("--build", help="Build images even if they are there.")] = False,
    nodes: Annotated[
        int, typer.Option("--nodes", metavar="N", min=0, max=254, help="Run on so many virtual nodes.")
    ] = 0,
    scale: Annotated[
        list[str] | None, typer.Option("--scale", metavar="SERVICE=N", help="Another number of replicas.")
    ] = None,
    keep_orphans: Annotated[
        bool, typer.Option("--keep-orphans", help="Leave services alone that the files no longer have.")
    ] = False,
    strict_swarm: Annotated[bool, typer.Option("--strict-swarm", help="Refuse what a real swarm refuses.")] = False,
    bug_compatible: Annotated[
        bool, typer.Option("--bug-compatible", help="Have a real swarm's bugs: jobs that never give up.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be done and why; do nothing.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="No progress.")] = False,
    wait_timeout: Annotated[
        float | None, typer.Option("--wait-timeout", metavar="SECONDS", help="Give up waiting after that long.")
    ] = None,
) -> int:
    """Run a stack.

    Progress goes to standard error until every service has converged; then the URLs of published ports.
    Without -d the manager stays in the foreground: Ctrl-C stops the stack, Ctrl-C again leaves it as it is.
    Exit code 1 if a service cannot converge, with the reason.
    """
    from stackferry.deploying import Wish

    wish = Wish(
        only=tuple(services or ()),
        build=build,
        nodes=nodes,
        prune=not keep_orphans,
        strict=strict_swarm,
        bug_compatible=bug_compatible,
        scale=tuple(_scale(one) for one in scale or ()),
    )
    if dry_run:
        return show_plan(session, wish)
    return bring_up(session, wish, detach=detach, quiet=quiet, timeout=wait_timeout)


def show_plan(session: Session, wish: "Wish") -> int:
    """Print what would be done."""
    from stackferry.deploying import what_would_be_done
    from stackferry.engine import connect

    print(what_would_be_done(session, connect(session), wish), end="")
    return 0


def bring_up(session: Session, wish: "Wish", *, detach: bool, quiet: bool, timeout: float | None = None) -> int:
    """Deploy, and wait in the way that was asked for."""
    import gc

    from stackferry.deploying import put_in_force
    from stackferry.engine import connect

    gc.enable()
    engine = connect(session)
    ready = put_in_force(session, engine, wish)
    if detach:
        engine.close()
        return _in_background(session, ready, quiet=quiet, timeout=timeout)
    from emulator.manager import ManagerRunsError
    from stackferry.foreground import stay

    try:
        return stay(session, engine, ready, quiet=quiet, ended=lambda found: report(session, ready, found))
    except ManagerRunsError as error:
        # What is wanted was written down: the other manager brings it about, and outlives this command.
        session.note(f"{error}; it goes on with this")
        return _in_background(session, ready, quiet=quiet, timeout=timeout)


def _in_background(session: Session, ready: "Ready", *, quiet: bool, timeout: float | None) -> int:
    return report(session, ready, wait_for(session, ready, quiet=quiet, timeout=timeout))


def wait_for(session: Session, ready: "Ready", *, quiet: bool, timeout: float | None) -> "list[Progress]":
    """Have a manager in the background, and follow it until the services have converged."""
    from emulator.manager import ensure_running
    from emulator.store import Store, StoreGoneError
    from stackferry.following import follow
    from stackferry.render.progress import ProgressDisplay

    keep(session, ready)
    try:
        store = Store(ready.home.database, make=False)
    except StoreGoneError:
        # `down` was faster; `report` says so.
        return []
    display = ProgressDisplay(session.style(error_stream=True), quiet=quiet)
    names = [spec.name for spec in ready.desired.services]
    found = follow(store, names, display, timeout, lambda: ensure_running(ready.home, ready.stack, session.environment))
    store.close()
    return found


def keep(session: Session, ready: "Ready") -> None:
    """Have a manager in the background. No connection to the engine may be open: see `emulator/background.py`."""
    from emulator.manager import ensure_running
    from stackferry.commands.manager import be_manager

    ensure_running(ready.home, ready.stack, session.environment, partial(be_manager, session, ready.stack))


def report(session: Session, ready: "Ready", found: "list[Progress]") -> int:
    """The last words of `up`: the URLs, or why a service is not there."""
    from emulator.convergence import Standing
    from emulator.store import Store
    from emulator.urls import urls

    missing = sorted({spec.name for spec in ready.desired.services} - {one.name for one in found})
    for name in missing:
        session.note(f"{name}: was removed meanwhile")
    if missing:
        return 1
    failed = [one for one in found if one.standing is not Standing.CONVERGED]
    for one in failed:
        reason = one.waits_for or "did not converge in time"
        session.note(f"{one.name}: {reason}")
    if failed:
        session.note(f"stackferry -p {ready.stack} ps shows the tasks")
        return 1
    store = Store(ready.home.database)
    services = store.services()
    store.close()
    names = {spec.name for spec in ready.desired.services}
    for url in urls(one for one in services.values() if one.spec.name in names and not one.removed):
        session.note(url)
    return 0


def _scale(text: str) -> tuple[str, int]:
    name, found, count = text.partition("=")
    if not found or not count.isdigit():
        raise typer.BadParameter(f"{text!r} is not SERVICE=N", param_hint="--scale")
    return name, int(count)
