"""Writes options back as the words of a command line, for commands that the user is to copy."""

import inspect
from collections.abc import Iterable, Mapping


def words(options: Iterable[inspect.Parameter], values: Mapping[str, object]) -> list[str]:
    """The words that give `options` these values, with each option's first name; options without a value are omitted.

    `options` are declared as in `declaration.py`. A value is a string, a bool for a switch or, for a repeatable
    option, a tuple of strings.
    """
    found: list[str] = []
    for option in options:
        value = values.get(option.name)
        name: str = option.annotation.__metadata__[0].words[0]
        if value is True:
            found.append(name)
        elif isinstance(value, str):
            found += [name, value]
        elif isinstance(value, tuple):
            found += [word for text in value for word in (name, text)]
    return found
