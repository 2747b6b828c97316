"""The `stackferry` command: its verbs, its global options, its exit code.

Each verb is a module of `commands/`, declared there and listed in `verbs.py`. Whatever a verb needs beyond its
options is imported inside its function, so that the fast verbs never load the slow ones' libraries.
"""

import gc
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from stackferry import __version__, streams
from stackferry.errors import FAILED, exit_code
from stackferry.options.stack_options import stack_options
from stackferry.session import Ansi, Manner, Session
from stackferry.verbs import RootGroup

app = typer.Typer(
    name="stackferry",
    cls=RootGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
@stack_options
def root(
    session: Session,
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
    progress: Annotated[
        Manner,
        typer.Option("--progress", help="Redrawn on a terminal (tty), lines (plain, and with TERM=dumb), or none."),
    ] = "auto",
    ansi: Annotated[
        Ansi, typer.Option("--ansi", help="Colours and redrawing, unless --color, --progress say.")
    ] = "auto",
    parallel: Annotated[
        int,
        typer.Option("--parallel", metavar="N", min=-1, help="Move so many images at a time; -1 is the default, 4."),
    ] = -1,
) -> None:
    """Ferry a compose stack from a laptop to a cluster.

    Options that choose the stack (-f, -p, --profile, --env-file, --project-directory) may stand before
    or after the command, as with docker compose.
    """
    session.progress, session.ansi, session.parallel = progress, ansi, max(parallel, 0)
    if version:
        typer.echo(f"stackferry {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())
    else:
        return
    raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (default: that of the process) and return its exit code."""
    # A process of a fraction of a second makes no garbage worth collecting, and scanning the trees of a large
    # stack again and again costs a quarter of the time. A verb that stays alive turns it on again.
    gc.disable()
    streams.complete()
    if hasattr(sys.stdout, "reconfigure"):
        # Same input, same bytes, in any locale.
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
    try:
        session = Session(environment=dict(os.environ))
    except FileNotFoundError:
        print("error: the working directory is gone\n  hint: change to one that exists", file=sys.stderr)
        return FAILED
    command = typer.main.get_command(app)
    with session.at_end:
        return exit_code(
            session, lambda: command.main(args=arguments, prog_name="stackferry", standalone_mode=False, obj=session)
        )
