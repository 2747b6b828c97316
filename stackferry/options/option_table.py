"""A verb's options as a table of plain values, for verbs that start all the time.

Typer's parser uses it to parse a command line (`parsed`) without typer's types, contexts and help. Help and errors,
which need those, work as for every other verb: `declared.py` turns the same table into a function for typer.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from stackferry.options.light_typer import in_parts


class Option(NamedTuple):
    """An option: the parameter of the verb's function, and its words.

    A switch is a bool, a repeatable option (`many`) a tuple of strings, any other a string or None. `instead` names
    the replacement of an option that other programs have: such an option is an error, and not in the help.
    """

    name: str
    words: tuple[str, ...]
    help: str
    metavar: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False
    switch: bool = False
    instead: str = ""

    @property
    def absent(self) -> object:
        """The value if the option is not given."""
        return False if self.switch else () if self.many else None


class Arguments(NamedTuple):
    """Positional arguments: a tuple of any number of strings."""

    name: str
    metavar: str
    help: str


class Verb(NamedTuple):
    """A verb: `run(session, **values)`, with a value for each row of its tables without `instead`.

    Without `arguments`, the verb takes only options.
    """

    run: Callable[..., int | None]
    arguments: Arguments | None
    options: tuple[Option, ...]


def parsed(verb: Verb, words: Sequence[str]) -> Mapping[str, object] | None:
    """The values of a command line; None if it asks for help or has an error."""
    in_parts()
    from stackferry.options.carried_click import UsageError
    from stackferry.options.switch_parser import SwitchParser

    parser = SwitchParser()
    for option in verb.options:
        action = "store_const" if option.switch else "append" if option.many else "store"
        # The first argument would identify the option in `order`, which is not used.
        parser.add_option(option, option.words, option.name, action, const=True)  # type: ignore[arg-type]
    if verb.arguments:
        parser.add_argument(verb.arguments, verb.arguments.name, -1)  # type: ignore[arg-type]
    try:
        given, rest, _ = parser.parse_args(list(words))
    except UsageError:
        return None
    if rest:
        return None
    values = {option.name: option.absent for option in verb.options if not option.instead}
    for option in verb.options:
        if option.name not in given:
            continue
        value = given[option.name]
        if option.instead:
            return None
        if option.choices and not set(value if option.many else (value,)) <= set(option.choices):
            return None
        values[option.name] = tuple(value) if option.many else value
    if verb.arguments:
        values[verb.arguments.name] = tuple(given[verb.arguments.name] or ())
    return values
