"""The options before the command: those that choose the stack, and those for the output of a run."""

from typing import Annotated

from stackferry.options.declaration import Option
from stackferry.options.stack_options import stack_options
from stackferry.session import Ansi, Manner, Session


@stack_options
def root_options(
    session: Session,
    _version: Annotated[bool, Option("--version", help="Print the version and exit.")] = False,
    progress: Annotated[
        Manner,
        Option(
            "--progress", help="How progress is shown: redrawn (tty), as lines (plain), as JSON (json), or not at all."
        ),
    ] = "auto",
    ansi: Annotated[
        Ansi, Option("--ansi", help="Whether to use colours and to redraw; --color and --progress override it.")
    ] = "auto",
    parallel: Annotated[
        int,
        Option(
            "--parallel",
            metavar="N",
            low=-1,
            help="Number of images to pull, push or build at a time; -1 is the default, 4.",
        ),
    ] = -1,
) -> None:
    """Ferry a compose stack from a laptop to a cluster.

    Options that choose the stack (-f, -p, --profile, --env-file, --project-directory) may stand before
    or after the command, as with docker compose.
    """
    session.progress, session.ansi, session.parallel = progress, ansi, max(parallel, 0)
