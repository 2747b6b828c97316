"""A command line that says what another one said, for commands that somebody is to copy."""

import inspect
from collections.abc import Iterable, Mapping


def words(options: Iterable[inspect.Parameter], values: Mapping[str, object]) -> list[str]:
    """The words that give `options` these values again, by their first names; what has no value is left out.

    `options` are declared as `declaration.py` says. A value is text, a switch or, for an option that may be repeated, a
    tuple of texts.
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
