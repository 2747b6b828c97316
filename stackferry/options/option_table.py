"""Options of a verb as a table of plain values, for verbs that start all the time.

typer's parser reads a command line by it (`parsed`) without typer's types, contexts and help. Whatever those are needed
for, help and the telling of mistakes, goes the way of every other verb: `declared.py` makes of the same table the
function that typer takes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from stackferry.options.light_typer import in_parts


class Option(NamedTuple):
    """An option: the parameter of the verb's function, and its words.

    A switch is a bool, an option that may be repeated (`many`) a tuple of strings, any other a string or None.
    `instead` says what to use instead of an option that other programs have: it is a mistake, and not in the help.
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
        """Its value where it is not given."""
        return False if self.switch else () if self.many else None


class Arguments(NamedTuple):
    """What stands on the command line beside the options: any number of strings, a tuple."""

    name: str
    metavar: str
    help: str


class Verb(NamedTuple):
    """A verb: `run(session, **values)`, a value for each row of its tables that is not a mistake.

    Without `arguments`, nothing but options may follow it.
    """

    run: Callable[..., int | None]
    arguments: Arguments | None
    options: tuple[Option, ...]


def parsed(verb: Verb, words: Sequence[str]) -> Mapping[str, object] | None:
    """The values that a command line gives; None if it asks for help, or if something is wrong with it."""
    in_parts()
    from stackferry.options.carried_click import UsageError
    from stackferry.options.switch_parser import SwitchParser

    parser = SwitchParser()
    for option in verb.options:
        action = "store_const" if option.switch else "append" if option.many else "store"
        # The first is how it would name itself in `order`, which is not read.
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
