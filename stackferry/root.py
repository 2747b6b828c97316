"""The command line as a typer application: all verbs, and the global options.

`cli.main` comes here for every line that it does not run directly.
"""

import inspect

import typer
from typer.core import TyperGroup

from stackferry.display.output import write_text
from stackferry.options.carried_click import Context
from stackferry.options.declaration import WrongValueError
from stackferry.options.docker_options import ALONE
from stackferry.options.for_typer import for_typer
from stackferry.options.root_options import root_options
from stackferry.render.version_text import version_text
from stackferry.session import Session
from stackferry.verbs import RootGroup

app = typer.Typer(
    name="stackferry",
    cls=RootGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"Passed to docker unchanged: {', '.join(sorted(ALONE))}; and build, pull, push and run for"
    " anything that is not a service of the stack. Run `stackferry help COMMAND` for help on a"
    " command.",
)


def _root(_context: typer.Context, **values: object) -> None:
    """Apply the root's options; print its help if no command follows."""
    _declared(_context, **values)
    if values["_version"]:
        write_text(f"{version_text()}\n")
    elif _context.invoked_subcommand is None:
        write_text(f"{_context.get_help()}\n")
    else:
        return
    raise typer.Exit


_declared = for_typer(root_options)
_LAST = ("color", "ansi", "progress", "parallel", "_version")
_root.__doc__ = root_options.__doc__
# Options that choose the stack come first, options for the display last.
_parameters = sorted(inspect.signature(_declared).parameters.values(), key=lambda one: one.name in _LAST)
_root.__signature__ = inspect.Signature(_parameters)  # type: ignore[attr-defined]
_root.__annotations__ = _declared.__annotations__
app.callback(invoke_without_command=True)(_root)


def run(session: Session, arguments: list[str]) -> int | None:
    """Run one command line; errors of typer and of the verb pass through."""
    command = typer.main.get_command(app)
    result: int | None = command.main(args=arguments, prog_name="stackferry", standalone_mode=False, obj=session)
    return result


def wrong_value(words: tuple[str, ...], error: WrongValueError) -> typer.BadParameter:
    """Typer's error for a wrong value in a command that ran without typer, so that it shows the command's usage."""
    command = typer.main.get_command(app)
    context = Context(command, info_name="stackferry")
    for word in words:
        assert isinstance(command, TyperGroup)
        inner = command.get_command(context, word)
        assert inner is not None
        command, context = inner, Context(inner, context, word, **inner.context_settings)
    return typer.BadParameter(str(error), context, param_hint=error.option or None)
