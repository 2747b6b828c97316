"""The command line as typer knows it: all verbs, and the global options.

`cli.main` comes here for all but the verbs that it runs directly.
"""

from typing import Annotated

import typer

from stackferry import __version__
from stackferry.options.docker_options import ALONE
from stackferry.options.stack_options import stack_options
from stackferry.session import Ansi, Manner, Session
from stackferry.verbs import RootGroup

app = typer.Typer(
    name="stackferry",
    cls=RootGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"Docker's own, handed to the docker command as they are: {', '.join(sorted(ALONE))}; and build, pull, push "
    "and run where what they name is no service of the stack.",
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


def run(session: Session, arguments: list[str]) -> int | None:
    """Run one command line; raises what typer and the verb raise."""
    command = typer.main.get_command(app)
    result: int | None = command.main(args=arguments, prog_name="stackferry", standalone_mode=False, obj=session)
    return result
