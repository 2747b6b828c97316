"""The options with which all commands choose a stack, and the only function that loads it."""

import functools
import inspect
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Annotated, Concatenate, ParamSpec, cast

from stackferry.options.declaration import Context, Option
from stackferry.options.words import words
from stackferry.session import Colour, Session, StackChoice

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded, Request

Parameters = ParamSpec("Parameters")


def _shared(
    file: Annotated[
        list[str] | None, Option("-f", "--file", metavar="FILE", help="Compose file; - reads standard input.")
    ] = None,
    project_name: Annotated[str | None, Option("-p", "--project-name", metavar="NAME", help="Project name.")] = None,
    profile: Annotated[list[str] | None, Option("--profile", metavar="NAME", help="Profile to enable.")] = None,
    env_file: Annotated[
        list[str] | None, Option("--env-file", metavar="FILE", help="File of variables for ${…}, instead of .env.")
    ] = None,
    project_directory: Annotated[
        str | None,
        Option(
            "--project-directory",
            metavar="DIR",
            help="Directory that relative paths start from. Default: that of the first file.",
        ),
    ] = None,
    all_resources: Annotated[
        bool, Option("--all-resources", help="Include networks, volumes and the like that no service uses.")
    ] = False,
    color: Annotated[
        Colour | None, Option("--color", help="When to use colours; auto: on a terminal, unless NO_COLOR is set.")
    ] = None,
) -> tuple[StackChoice, Colour | None]:
    """The one declaration of the shared options."""
    choice = StackChoice(
        files=tuple(file or ()),
        project_name=project_name,
        profiles=tuple(profile or ()),
        env_files=tuple(env_file or ()),
        project_directory=project_directory,
        all_resources=all_resources,
    )
    return choice, color


_SHARED = inspect.signature(_shared).parameters


def stack_options(command: Callable[Concatenate[Session, Parameters], int | None]) -> Callable[..., int | None]:
    """Add the shared options to `command(session, …)`, which gets a session with their values.

    The options of the root command and of the verb add up, so each may stand on either side of the verb.
    """
    own = list(inspect.signature(command).parameters.values())[1:]

    @functools.wraps(command)
    def wrapper(_context: Context, **values: object) -> int | None:
        session = cast("Session", _context.obj)
        choice, colour = _shared(**{name: values.pop(name) for name in _SHARED})  # type: ignore[arg-type]
        session.stack = session.stack.with_later(choice)
        session.colour = colour or session.colour
        return command(session, **values)  # type: ignore[call-arg, arg-type]

    context = inspect.Parameter("_context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Context)
    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in (*own, *_SHARED.values())]
    # The signature for readers of the declaration; `wraps` alone would show the session.
    wrapper.__signature__ = inspect.Signature([context, *parameters])  # type: ignore[attr-defined]
    wrapper.__annotations__ = {one.name: one.annotation for one in (context, *parameters)}
    return wrapper


def said_again(choice: StackChoice) -> list[str]:
    """The options for another command line to choose the same stack."""
    values = choice._asdict()
    names = {"file": "files", "profile": "profiles", "env_file": "env_files"}
    return words(_SHARED.values(), {name: values[names.get(name, name)] for name in _SHARED if name != "color"})


def requested(session: Session) -> "Request":
    """The loader's request for the stack that the options choose; commands refine it with `replace`."""
    from stackferry.grammar.compose.load import Request

    choice = session.stack
    return Request(
        files=choice.files,
        project_name=choice.project_name,
        profiles=choice.profiles,
        env_files=choice.env_files,
        project_directory=choice.project_directory,
        all_resources=choice.all_resources,
    )


def load_stack(
    session: Session, request: "Request | None" = None, *, untold: Collection[str] = frozenset()
) -> "Loaded":
    """Load the chosen stack and report its warnings, except those with `untold` codes.

    Raises SourceError with every problem of the stack.
    """
    from stackferry.grammar.compose.load import load

    loaded = load(
        request or requested(session), files=session.files, environment=session.environment, stdin=session.stdin
    )
    session.report(one for one in loaded.diagnostics if one.code not in untold)
    return loaded
