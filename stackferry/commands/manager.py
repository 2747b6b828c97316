"""`stackferry manager`: the process that keeps a stack in the background."""

import typer

from stackferry.session import Session
from stackferry.stack import stack_options

manager = typer.Typer(help="The process that keeps a stack as it is wanted.", no_args_is_help=True)


@manager.command("run")
@stack_options
def run(session: Session, stack: str) -> int:
    """Be the manager of a stack, in this process, until a signal."""
    be_manager(session, stack)
    return 0


def be_manager(session: Session, stack: str) -> None:
    """The whole life of a manager in the background: this process, or what `up -d` leaves behind."""
    import gc
    import logging

    from stackferry.emulator.home import home
    from stackferry.emulator.logfile import LogFile
    from stackferry.emulator.manager import run_here
    from stackferry.engine import connect

    gc.enable()
    place = home(session.environment, stack)
    words = "%(asctime)s %(levelname)s %(message)s"
    logging.basicConfig(level=logging.INFO, format=words, handlers=[LogFile(place.log)])
    run_here(place, stack, connect(session), session.environment)


@manager.command("start")
@stack_options
def start(session: Session, stack: str) -> int:
    """Start a manager in the background, if none runs."""
    from stackferry.emulator.home import home
    from stackferry.emulator.manager import ensure_running

    ensure_running(home(session.environment, stack), stack, session.environment)
    return 0


@manager.command("stop")
@stack_options
def stop(session: Session, stack: str) -> int:
    """End the manager. What runs keeps running; nothing heals it."""
    import os
    import signal

    from stackferry.emulator.home import home
    from stackferry.emulator.lock import manager_pid

    pid = manager_pid(home(session.environment, stack))
    if not pid:
        # 0: it has its lock, and has not said yet who it is; as a process id that would be our own group.
        session.note(f"no manager of {stack} runs" if pid is None else f"the manager of {stack} is just starting")
        return 1
    os.kill(pid, signal.SIGTERM)
    return 0


@manager.command("unit")
@stack_options
def unit(session: Session) -> int:
    """Print a systemd user unit that brings every stack back after a reboot."""
    from stackferry.render.unit import systemd_unit

    print(systemd_unit(), end="")
    return 0
