"""Parses a command line by the declaration of its command, with typer's option parser but without typer.

    the line -> the root's options -> the command's name -> its options and arguments -> a call of its function

Only lines without errors are parsed here. For errors, for help and for unusual declarations the result is None, and
typer parses the line again (`root.py`), since it can report errors. Tests check that both give the same values.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from stackferry.options.declaration import ArgumentWords, Context, OptionWords
from stackferry.options.light_typer import in_parts


class _Kind(NamedTuple):
    """The kind of a parameter: `read` converts a word, `many` allows several words; a switch takes no word."""

    read: Callable[[str, OptionWords | None], object]
    many: bool = False
    is_switch: bool = False


def values_of(
    command: Callable[..., object], words: Sequence[str], *, interspersed: bool = True, of_root: bool = False
) -> tuple[dict[str, object], list[str]] | None:
    """The values that `words` give a command's parameters, and the remaining words; None if typer must parse them.

    Not `interspersed`: options end at the first word that is not an option. `of_root`: switches take no value.
    """
    in_parts()
    from stackferry.options.carried_click import OptionParser, UsageError
    from stackferry.options.switch_parser import SwitchParser

    parameters = [one for one in inspect.signature(command).parameters.values() if one.annotation is not Context]
    parser = OptionParser() if of_root else SwitchParser()
    parser.allow_interspersed_args = interspersed
    kinds: dict[str, tuple[_Kind, OptionWords | None]] = {}
    for parameter in parameters:
        kind, given = _declared(parameter)
        if kind is None:
            return None
        kinds[parameter.name] = kind, given if isinstance(given, OptionWords) else None
        if isinstance(given, OptionWords):
            action = "store_const" if kind.is_switch else "append" if kind.many else "store"
            parser.add_option(parameter, given.words, parameter.name, action, const=True)  # type: ignore[arg-type]
        else:
            parser.add_argument(parameter, parameter.name, -1 if kind.many else 1)  # type: ignore[arg-type]
    try:
        found, rest, _ = parser.parse_args(list(words))
    except UsageError:
        return None
    values: dict[str, object] = {}
    for parameter in parameters:
        word: Any = found.get(parameter.name)
        if word is None or word == ():
            if parameter.default is inspect.Parameter.empty:
                return None
            values[parameter.name] = parameter.default
            continue
        kind, option = kinds[parameter.name]
        try:
            values[parameter.name] = (
                [kind.read(each, option) for each in word] if kind.many else kind.read(word, option)
            )
        except ValueError:
            return None
    return values, rest


def has_option(command: Callable[..., object], option: str) -> bool:
    """Whether a command declares an option of that name: `--no-deps` of `run`."""
    given = (_declared(one)[1] for one in inspect.signature(command).parameters.values())
    words = (word for one in given if isinstance(one, OptionWords) for both in one.words for word in both.split("/"))
    return option in words


def _declared(parameter: inspect.Parameter) -> tuple[_Kind | None, OptionWords | ArgumentWords]:
    """A parameter's kind and its words; the kind is None if only typer can parse it."""
    if get_origin(parameter.annotation) is not Annotated:
        return (_TEXT if parameter.annotation is str else None), ArgumentWords()
    inner, given = get_args(parameter.annotation)
    if isinstance(given, OptionWords) and any("/" in word for word in given.words):
        return None, given
    if get_origin(inner) in (Union, UnionType):
        (inner,) = (one for one in get_args(inner) if one is not NoneType)
    if get_origin(inner) is list:
        of = _ONE.get(get_args(inner)[0])
        return (of and of._replace(many=True)), given
    if get_origin(inner) is Literal:
        return _Kind(_choice(get_args(inner))), given
    return _ONE.get(inner), given


def _switch(value: object, _: OptionWords | None) -> object:
    return value


def _text(word: str, _: OptionWords | None) -> str:
    return word


def _whole(word: str, option: OptionWords | None) -> int:
    _check(value := int(word), option)
    return value


def _number(word: str, option: OptionWords | None) -> float:
    _check(value := float(word), option)
    return value


def _check(value: float, option: OptionWords | None) -> None:
    low, high = (option.low, option.high) if option else (None, None)
    if (low is not None and value < low) or (high is not None and value > high):
        raise ValueError


def _choice(choices: Sequence[str]) -> Callable[[str, OptionWords | None], str]:
    def read(word: str, _: OptionWords | None) -> str:
        if word not in choices:
            raise ValueError
        return word

    return read


_TEXT = _Kind(_text)
_ONE: Mapping[Any, _Kind] = {
    str: _TEXT,
    int: _Kind(_whole),
    float: _Kind(_number),
    bool: _Kind(_switch, is_switch=True),
}
