"""Facts that could not be determined."""

from typing import TypeAlias, TypeVar

from stackferry.grammar.lazy_dataclass import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unknown:
    """In place of a fact: why it could not be determined."""

    why: str


Fact: TypeAlias = T | Unknown


class NotTriedError(Exception):
    """A check could not be tried because a fact is missing. Its text says why."""


def known(fact: T | Unknown) -> T:
    """The fact itself. Raises NotTriedError."""
    if isinstance(fact, Unknown):
        raise NotTriedError(fact.why)
    return fact
