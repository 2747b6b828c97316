"""Waiting after a change of some services: what `scale`, `update` and `rollback` do unless told to detach."""

from collections.abc import Sequence

from stackferry.lookup.stacks import Found, changing
from stackferry.session import Session


def converge(
    session: Session,
    found: Found,
    names: Sequence[str],
    *,
    detach: bool,
    quiet: bool = False,
    steady: float | None = None,
) -> int:
    """Show progress until the named services have converged; 1 if one cannot, with the reason.

    `steady`: how long new tasks have to run; as docker's commands say unless it is given (`progress`).
    """
    if detach:
        return 0
    from stackferry.display.progress import display_for
    from stackferry.emulator.control.convergence import Standing
    from stackferry.emulator.manager.manager import ensure_running
    from stackferry.up.wait import follow

    display = display_for(session, quiet=quiet)
    with changing(found) as store:
        ended = follow(
            store,
            names,
            display,
            None,
            lambda: ensure_running(found.home, found.stack, session.environment),
            steady=steady,
        )
    failed = [one for one in ended if one.standing is not Standing.CONVERGED]
    for one in failed:
        session.note(f"{one.name}: {one.waits_for or 'did not converge'}")
    return 1 if failed else 0
