"""Commands whose own short options collide with those of the shared options: `logs -f`, `ps -f`.

A variant of `stack.stack_options`, which every command uses; the long forms of the shared options stay.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Concatenate, get_args, get_origin

from stackferry.options.declaration import OptionWords
from stackferry.options.stack_options import Parameters, stack_options
from stackferry.session import Session

Body = Callable[Concatenate[Session, Parameters], int | None]

_SHARED = {"file", "project_name", "profile", "env_file", "project_directory", "all_resources", "color"}
_USEFUL = {"project_name", "file", "color"}
"""The shared options that matter to a command that reads a compose file only for the name."""


def verb(command: Body[Parameters]) -> Callable[..., int | None]:
    """A command on a running stack. Its own short options win; only shared options that matter are in the help."""
    return _with_own_letters(command, _USEFUL)


def file_verb(command: Body[Parameters]) -> Callable[..., int | None]:
    """The same for a command that reads the stack's files: all shared options are in the help."""
    return _with_own_letters(command, _SHARED)


def _with_own_letters(command: Body[Parameters], shown: set[str]) -> Callable[..., int | None]:
    wrapper = stack_options(command)
    signature = inspect.signature(wrapper)
    taken = {
        letter
        for name, one in signature.parameters.items()
        if name not in _SHARED
        for option in _options(one)
        for letter in option.words
    }
    changed = [
        one.replace(annotation=_without(one.annotation, taken, hidden=name not in shown)) if name in _SHARED else one
        for name, one in signature.parameters.items()
    ]
    wrapper.__signature__ = signature.replace(parameters=changed)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {one.name: one.annotation for one in changed}
    return wrapper


def _options(parameter: inspect.Parameter) -> Iterator[OptionWords]:
    if get_origin(parameter.annotation) is Annotated:
        yield from (one for one in get_args(parameter.annotation) if isinstance(one, OptionWords))


def _without(annotation: Any, taken: set[str], *, hidden: bool) -> Any:
    kind, option = get_args(annotation)
    words = tuple(one for one in option.words if one not in taken)
    return Annotated[kind, option._replace(words=words, hidden=hidden)]
