"""All changes anywhere in a script: loops repeat, and functions run at unknown times. Used by `flow.py`."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping

from stackferry.grammar.shell.script import Command, Construct, Script

Change = tuple[str, str | None]
"""A name and its new value, or None if the value is not known."""

Effects = Callable[[Command | Construct, Mapping[str, str | None]], Iterable[Change]]
"""Returns what a command, the head of a loop or `((…))` changes in its shell, given the values before."""

_HEADS = frozenset({"for", "select", "arithmetic"})


class Foresight:
    """All changes of a script.

    `values` has each changed name, with its value if all changes set the same value. `functions` are the names of
    defined functions, `in_functions` the names that any of them changes.
    """

    def __init__(self, script: Script, effects: Effects) -> None:
        self._constructs = script.constructs
        self._changes: list[tuple[int, str]] = []
        self.values: dict[str, str | None] = {}
        subjects: list[Command | Construct] = [one for one in script.constructs if one.kind in _HEADS]
        subjects += script.commands
        for subject in subjects:
            number = subject.first if isinstance(subject, Construct) else subject.number
            for name, value in effects(subject, {}):
                self._changes.append((number, name))
                self.values[name] = value if self.values.get(name, value) == value else None
        self._changes.sort()
        functions = [construct for construct in script.constructs if construct.kind == "function"]
        outermost = (construct for construct in functions if self.function(construct.parent) < 0)
        self.functions = frozenset(construct.name for construct in functions)
        self.in_functions = frozenset(name for construct in outermost for name in self.changed_in(construct))

    def changed_in(self, construct: Construct) -> set[str]:
        """The names that are changed in a construct."""
        first = bisect_left(self._changes, (construct.first, ""))
        last = bisect_left(self._changes, (construct.last, ""))
        return {name for _, name in self._changes[first:last]}

    def function(self, number: int) -> int:
        """The number of the first command of the function that encloses, or is, a construct; -1 if there is none."""
        while number >= 0:
            construct = self._constructs[number]
            if construct.kind == "function":
                return construct.first
            number = construct.parent
        return -1
