"""Pragmas at work: which hits they silence, which of their ids did nothing, which nobody knows."""

from collections.abc import Callable, Iterator

from stackferry.grammar.lint.catalogue import Catalogue, is_buildkit_check
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.pragma import Name
from stackferry.grammar.lint.pragmas import Pragmas, Range


class Silencer:
    """Applies pragmas to hits, and remembers which of their ids did something."""

    __slots__ = ("_everything", "_named", "buildkit", "catalogue", "pragmas", "used")

    def __init__(self, pragmas: Pragmas, catalogue: Catalogue) -> None:
        self.pragmas = pragmas
        self.catalogue = catalogue
        self.used: set[tuple[int, int]] = set()
        self._named: dict[str, list[tuple[Range, int, int]]] = {}
        self._everything: list[Range] = []
        for number, pragma in enumerate(pragmas.found):
            if pragma.said.everything:
                self._everything.append(pragma.covers)
            for index, name in enumerate(pragma.said.names):
                for identifier in catalogue.ids(name.text) or ():
                    self._named.setdefault(identifier, []).append((pragma.covers, number, index))
        self.buildkit = frozenset(rule.id for rule in catalogue if is_buildkit_check(rule)) if self._everything else ()

    def silences(self, identifier: str, hit: Hit) -> bool:
        """Whether a hit of a rule is silenced. All pragmas that cover it have done something."""
        start = hit.start
        silenced = identifier in self.buildkit and any(first <= start < end for first, end in self._everything)
        for (first, end), number, index in self._named.get(identifier, ()):
            if first <= start < end:
                self.used.add((number, index))
                silenced = True
        return silenced

    def unknown(self) -> Iterator[Name]:
        """The ids in pragmas that nobody knows."""
        for pragma in self.pragmas.found:
            for name in (*pragma.said.names, *pragma.said.experimental):
                if name.text not in self.catalogue and not (name.text == "all" and name in pragma.said.experimental):
                    yield name

    def unused(self, ran: Callable[[str], bool]) -> Iterator[tuple[Name, str]]:
        """The ids that silenced nothing although all their rules `ran`, and why, if that is known."""
        for number, pragma in enumerate(self.pragmas.found):
            for index, name in enumerate(pragma.said.names):
                ids = self.catalogue.ids(name.text)
                if ids and (number, index) not in self.used and all(map(ran, ids)):
                    yield name, pragma.idle
