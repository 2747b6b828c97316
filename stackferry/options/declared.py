"""Turns a verb that is a table (`option_table.py`) into a function for typer, which shows its help and errors."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Literal, cast

import typer

from stackferry.options.carried_click import UsageError
from stackferry.options.option_table import Arguments, Option, Verb
from stackferry.session import Session


def declared(verb: Verb) -> Callable[..., int | None]:
    """The function of a verb, with the signature that its table describes."""
    arguments = [verb.arguments] if verb.arguments else []

    def command(_context: typer.Context, **values: Any) -> int | None:
        session = cast("Session", _context.obj)
        for option in verb.options:
            if option.instead and values.pop(option.name):
                raise UsageError(f"No such option: {option.words[-1]}: {option.instead}", _context)
        several = {option.name for option in verb.options if option.many} | {one.name for one in arguments}
        given = {name: tuple(value or ()) if name in several else value for name, value in values.items()}
        return verb.run(session, **given)

    parameters = [
        inspect.Parameter("_context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        *(_parameter(one.name, _several(one), None) for one in arguments),
        *(_parameter(option.name, _annotation(option), False if option.switch else None) for option in verb.options),
    ]
    command.__doc__ = verb.run.__doc__
    command.__name__ = verb.run.__name__
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def _parameter(name: str, annotation: Any, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _several(argument: Arguments) -> Any:
    return Annotated[list[str] | None, typer.Argument(metavar=argument.metavar, help=argument.help)]


def _annotation(option: Option) -> Any:
    kind: Any = Literal[option.choices] if option.choices else str
    kind = bool if option.switch else list[kind] | None if option.many else kind | None
    metavar = None if option.switch else option.metavar or None
    return Annotated[kind, typer.Option(*option.words, metavar=metavar, help=option.help, hidden=bool(option.instead))]
