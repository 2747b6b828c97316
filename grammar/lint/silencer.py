"""Applies pragmas: which hits they suppress, which of their ids had no effect, which are unknown."""

from collections.abc import Callable, Iterable, Iterator

from stackferry.grammar.lint.catalogue import Catalogue, is_buildkit_check
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.lint.pragma import Name
from stackferry.grammar.lint.pragmas import Pragmas, Range
from stackferry.grammar.lint.problems import INTERNAL_ERROR

_Part = tuple[int, int]
"""The index of a pragma, and of an id in it; -1 if the pragma names no id."""


class Silencer:
    """Applies pragmas to hits, and records which of their ids had an effect."""

    __slots__ = ("_buildkit", "_everything", "_named", "_used", "catalogue", "pragmas")

    def __init__(self, pragmas: Pragmas, catalogue: Catalogue) -> None:
        self.pragmas = pragmas
        self.catalogue = catalogue
        self._used: set[_Part] = set()
        self._named: dict[str, list[tuple[Range, _Part]]] = {}
        self._everything: list[tuple[Range, _Part]] = []
        for number, pragma in enumerate(pragmas.found):
            if pragma.said.everything:
                self._everything.append((pragma.covers, (number, -1)))
            for index, name in enumerate(pragma.said.names):
                for identifier in set(catalogue.ids(name.text) or ()) - {INTERNAL_ERROR}:
                    self._named.setdefault(identifier, []).append((pragma.covers, (number, index)))
        self._buildkit = frozenset(rule.id for rule in catalogue if is_buildkit_check(rule)) if self._everything else ()

    def kept(self, hits: Iterable[tuple[str, Hit]]) -> list[tuple[str, Hit]]:
        """The hits, with their rules' ids, that no pragma covers. Every pragma that covers a hit counts as used."""
        hits = list(hits)
        starts: dict[str, list[int]] = {}
        for identifier, hit in hits:
            starts.setdefault(identifier, []).append(hit.start)
        silent = {identifier: self._sweep(identifier, sorted(found)) for identifier, found in starts.items()}
        return [(identifier, hit) for identifier, hit in hits if hit.start not in silent[identifier]]

    def _sweep(self, identifier: str, starts: list[int]) -> set[int]:
        """The covered places of a rule. One pass over both lists, because a hostile file has thousands of each."""
        parts = [*self._named.get(identifier, ()), *(self._everything if identifier in self._buildkit else ())]
        parts.sort()
        silent: set[int] = set()
        until = number = 0
        for start in starts:
            while number < len(parts) and parts[number][0][0] <= start:
                (_, end), part = parts[number]
                number += 1
                if start < end:
                    self._used.add(part)
                    until = max(until, end)
            if start < until:
                silent.add(start)
        return silent

    def unknown(self) -> Iterator[Name]:
        """The unknown ids in pragmas."""
        for pragma in self.pragmas.found:
            for name in (*pragma.said.names, *pragma.said.experimental):
                if name.text not in self.catalogue and not (name.text == "all" and name in pragma.said.experimental):
                    yield name

    def unused(self, ran: Callable[[str], bool]) -> Iterator[tuple[Name, str]]:
        """The ids that suppressed nothing although all their rules `ran`, and the reason, if known."""
        for number, pragma in enumerate(self.pragmas.found):
            for index, name in enumerate(pragma.said.names):
                ids = self.catalogue.ids(name.text)
                if ids and (number, index) not in self._used and all(map(ran, ids)):
                    yield name, pragma.idle
