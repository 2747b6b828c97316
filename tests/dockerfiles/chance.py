"""Randomness for the Dockerfile generators: chooses among pieces, and sometimes one that does not belong there.

It draws from a `random.Random`, so that a seed gives the same files ever after, and hypothesis can be behind it.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

Piece = TypeVar("Piece")


class Chance:
    """A source of choices. `wildness`, 0 to 1, is how likely a piece is one that does not belong where it stands."""

    def __init__(self, random: Random, wildness: float) -> None:
        self.random = random
        self.wildness = wildness

    def one(self, pieces: Sequence[Piece]) -> Piece:
        """Any of the pieces."""
        return pieces[self.random.randrange(len(pieces))]

    def pick(self, usual: Sequence[Piece], odd: Sequence[Piece]) -> Piece:
        """One of the usual pieces, or with the likelihood of `wildness` one of the odd ones."""
        return self.one(odd if odd and self.wild() else usual)

    def wild(self) -> bool:
        """Whether this is the place where something odd happens."""
        return self.wildness > 0 and self.random.random() < self.wildness

    def some(self, likelihood: float) -> bool:
        """True so often."""
        return self.random.random() < likelihood

    def few(self, least: int, most: int) -> int:
        """A number, small ones more often."""
        return least + min(self.random.randrange(most - least + 1), self.random.randrange(most - least + 1))

    def several(self, make: Callable[[], Piece], least: int, most: int) -> list[Piece]:
        """So many made pieces."""
        return [make() for _ in range(self.few(least, most))]
