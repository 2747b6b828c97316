"""`stackferry exec`: a command inside a running task, as `docker compose exec`."""

from typing import Annotated

from stackferry.options.common import Index, TaskName
from stackferry.options.declaration import Argument, Option
from stackferry.options.detach_keys import DEFAULT, DetachKeys
from stackferry.options.detach_keys import detach_keys as read_keys
from stackferry.options.own_letters import verb
from stackferry.session import Session


@verb
def exec_(
    session: Session,
    task: TaskName,
    command: Annotated[list[str], Argument(metavar="COMMAND [ARG]...")],
    detach: Annotated[bool, Option("-d", "--detach", help="Run in the background.")] = False,
    env: Annotated[
        list[str] | None, Option("-e", "--env", metavar="KEY=VALUE", help="Set an environment variable.")
    ] = None,
    index: Index = 0,
    no_tty: Annotated[
        bool,
        Option("-T", "--no-tty", "--no-TTY", help="Do not allocate a terminal. Default: allocate one if you use one."),
    ] = False,
    interactive: Annotated[bool, Option("-i", "--interactive", hidden=True)] = True,
    tty: Annotated[bool, Option("-t", "--tty", hidden=True)] = False,
    privileged: Annotated[bool, Option("--privileged", help="Give the command extended privileges.")] = False,
    user: Annotated[str, Option("-u", "--user", metavar="USER", help="Run as this user.")] = "",
    workdir: Annotated[str, Option("-w", "--workdir", metavar="DIR", help="Run in this directory.")] = "",
    detach_keys: DetachKeys = DEFAULT,
) -> int:
    """Run a command in a running task.

    The exit code is the command's. In a terminal, press ctrl-p ctrl-q to detach.
    """
    from stackferry.containers.terminal import Detached, converse, is_terminal
    from stackferry.engine import connect
    from stackferry.lookup.containers import running_container

    said, leave = read_keys(detach_keys)
    container = running_container(session, task, index)
    with_terminal = not no_tty and not detach and (tty or is_terminal())
    connection = connect(session).exec_stream(
        container,
        command,
        user=user,
        workdir=workdir,
        env=env or (),
        tty=with_terminal,
        privileged=privileged,
        keys=said if with_terminal else "",
    )
    try:
        return 0 if detach else converse(connection, tty=with_terminal, detach=leave if with_terminal else b"")
    except Detached:
        session.note("read escape sequence")
        return 0
    finally:
        connection.close()
