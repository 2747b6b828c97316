"""The options before the command: those that choose the stack, and how a run speaks."""

from typing import Annotated

from stackferry.options.declaration import Option
from stackferry.options.stack_options import stack_options
from stackferry.session import Ansi, Manner, Session


@stack_options
def root_options(
    session: Session,
    _version: Annotated[bool, Option("--version", help="Print the version and exit.")] = False,
    progress: Annotated[
        Manner, Option("--progress", help="Redrawn on a terminal (tty), lines (plain, and with TERM=dumb), or none.")
    ] = "auto",
    ansi: Annotated[Ansi, Option("--ansi", help="Colours and redrawing, unless --color, --progress say.")] = "auto",
    parallel: Annotated[
        int, Option("--parallel", metavar="N", low=-1, help="Move so many images at a time; -1 is the default, 4.")
    ] = -1,
) -> None:
    """Ferry a compose stack from a laptop to a cluster.

    Options that choose the stack (-f, -p, --profile, --env-file, --project-directory) may stand before
    or after the command, as with docker compose.
    """
    session.progress, session.ansi, session.parallel = progress, ansi, max(parallel, 0)
