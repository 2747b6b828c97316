"""Turns a declared command (`declaration.py`) into a function for typer, which shows its help and errors."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, get_args, get_origin

import typer

from stackferry.options.completion import completer
from stackferry.options.declaration import ArgumentWords, Context, OptionWords, WrongValueError


def for_typer(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """The function with a signature in typer's terms; a wrong value raises typer's error."""

    @wraps(command)
    def function(*arguments: Any, **values: Any) -> int | None:
        try:
            return command(*arguments, **values)
        except WrongValueError as error:
            raise typer.BadParameter(str(error), param_hint=error.option or None) from error

    parameters = inspect.signature(command).parameters.values()
    described = [one.replace(annotation=_described(one.annotation)) for one in parameters]
    function.__signature__ = inspect.Signature(described)  # type: ignore[attr-defined]
    function.__annotations__ = {one.name: one.annotation for one in described}
    return function


def _described(annotation: Any) -> Any:
    if annotation is Context:
        return typer.Context
    if get_origin(annotation) is not Annotated:
        return annotation
    kind, given = get_args(annotation)
    if isinstance(given, ArgumentWords):
        completes = completer(given)
        return Annotated[kind, typer.Argument(metavar=given.metavar, help=given.help or None, autocompletion=completes)]
    if not isinstance(given, OptionWords):
        return annotation
    option = typer.Option(
        *given.words,
        help=given.help or None,
        metavar=given.metavar,
        hidden=given.hidden,
        min=given.low,
        max=given.high,
        case_sensitive=not given.any_case,
        autocompletion=completer(given),
    )
    return Annotated[kind, option]
