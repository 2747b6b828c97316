"""`stackferry attach`: connect to a task's own process, as `docker compose attach`."""

from typing import Annotated

from stackferry.options.common import Index, TaskName
from stackferry.options.declaration import Option
from stackferry.options.detach_keys import DEFAULT, DetachKeys
from stackferry.options.detach_keys import detach_keys as read_keys
from stackferry.options.own_letters import verb
from stackferry.session import Session


@verb
def attach(
    session: Session,
    task: TaskName,
    index: Index = 0,
    detach_keys: DetachKeys = DEFAULT,
    no_stdin: Annotated[bool, Option("--no-stdin", help="Do not attach standard input.")] = False,
    sig_proxy: Annotated[
        bool, Option("--sig-proxy/--no-sig-proxy", help="Pass Ctrl-C to the process if it has no terminal.")
    ] = True,
) -> int:
    """Attach this terminal to a running task.

    In a terminal, press ctrl-p ctrl-q to detach. The end of standard input is not passed on: as with docker, others
    who are attached may still be writing.
    """
    import signal

    from stackferry.containers.terminal import Detached, converse
    from stackferry.engine import connect
    from stackferry.lookup.containers import running_container

    said, leave = read_keys(detach_keys)
    container = running_container(session, task, index)
    engine = connect(session)
    info = engine.inspect(container)
    tty = info is not None and info.tty
    connection = engine.attach(container, stdin=not no_stdin, keys=said if tty else "")
    if sig_proxy and not tty:
        signal.signal(signal.SIGINT, lambda *_: engine.kill(container, "SIGINT"))
    try:
        return converse(connection, tty=tty, stdin=not no_stdin, detach=leave if tty else b"")
    except Detached:
        session.note("read escape sequence")
        return 0
    finally:
        connection.close()
