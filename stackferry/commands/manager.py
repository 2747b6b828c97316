"""`stackferry manager`: the process that keeps a stack in the background."""

from typing import Annotated

from stackferry.options.declaration import Argument
from stackferry.options.stack_options import stack_options
from stackferry.session import Session
from stackferry.up.background import be_manager

Stack = Annotated[str, Argument(metavar="STACK")]


@stack_options
def run(session: Session, stack: Stack) -> int:
    """Run the manager of a stack in this process."""
    be_manager(session, stack)
    return 0


@stack_options
def start(session: Session, stack: Stack) -> int:
    """Start the manager of a stack in the background.

    A manager that is killed is started again, by systemd where its user manager answers, otherwise by a small
    supervisor process. STACKFERRY_SUPERVISOR=process does without systemd, =off without either. `stackferry doctor`
    tells which is in use.

    A manager also keeps a standby process, one for all your stacks: it has everything loaded, and answers `ps`, `ls`
    and an `up -d` that changes nothing in a fraction of the time. STACKFERRY_STANDBY=off does without it.
    """
    from stackferry.emulator.manager.presence import ensure_running
    from stackferry.emulator.store.directories import home

    ensure_running(home(session.environment, stack), stack, session.environment)
    return 0


@stack_options
def stop(session: Session, stack: Stack) -> int:
    """Stop the manager of a stack.

    It is not started again. Tasks keep running, but those that fail are not replaced.
    """
    import os
    import signal

    from stackferry.emulator.manager.lock import manager_pid
    from stackferry.emulator.manager.supervision import leave
    from stackferry.emulator.store.directories import home

    place = home(session.environment, stack)
    pid = manager_pid(place)
    if pid:
        # Who looks after it sees that it ends on purpose.
        os.kill(pid, signal.SIGTERM)
        return 0
    if pid is None and leave(place, stack, session.environment):
        session.note(f"the manager of {stack} was killed and has not been restarted")
        return 0
    # 0: it has its lock, and has not said yet who it is; as a process id that would be our own group.
    session.note(f"no manager of {stack} is running" if pid is None else f"the manager of {stack} is starting")
    return 1


@stack_options
def unit(session: Session) -> int:
    """Print a systemd user unit that starts all stacks after a reboot."""
    from stackferry.render.unit import systemd_unit

    print(systemd_unit(), end="")
    return 0
