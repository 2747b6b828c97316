"""Base class of all values of a script: plain objects with slots, equal when their fields are.

Named tuples would do as well, but making such a class adds 0.1 ms to every start, and there are twenty.
Values never change once made, except that the scanner fills in a heredoc when it reaches the body.
"""

from typing import Any, Self


class Value:
    """The fields of a class are its `__slots__`, and its constructor takes them by these names."""

    __slots__: tuple[str, ...] = ()

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return type(self)(**(fields | changes))

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __hash__(self) -> int:
        return hash(tuple([getattr(self, name) for name in self.__slots__]))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({fields})"
