"""The tree that the loading phases pass on: plain YAML values that remember where they were written.

`read.py` makes it; every later phase takes a tree and returns a new one, which shares the unchanged
nodes. A node that a phase adds by itself (a default, an implied network) has no mark.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol, Self

from stackferry.grammar.key_path import Path
from stackferry.grammar.source import Span


class Mark(Protocol):
    """A position as the YAML parser gives it: line and column from 0. Kept as is, because that costs nothing."""

    @property
    def name(self) -> str:
        """The source's name."""

    @property
    def line(self) -> int:
        """From 0."""

    @property
    def column(self) -> int:
        """From 0."""


class Node(NamedTuple):
    """One YAML value: a scalar, a `dict[str, Node]` or a `list[Node]`; never changed once made.

    `mark` is where the value begins, `key` where its key stands (None in a list).
    """

    value: Any
    mark: Mark | None = None
    key: Mark | None = None

    @property
    def span(self) -> Span | None:
        """Where the value was written; None if it is from no file."""
        return _span(self.mark)

    @property
    def key_span(self) -> Span | None:
        """Where the key was written; without a key, where the value was."""
        return _span(self.key or self.mark)

    def get(self, key: str) -> "Node | None":
        """The child of a mapping, None if absent or if this is not a mapping."""
        value = self.value
        return value.get(key) if type(value) is dict else None

    def holding(self, value: Any) -> Self:
        """The same node with another value. `_replace` takes twice as long, and every phase makes thousands."""
        return type(self)(value, self.mark, self.key)

    def without(self, key: str) -> "Node":
        """This mapping without `key`; the node itself if it has no such key or is no mapping."""
        value = self.value
        if type(value) is not dict or key not in value:
            return self
        return self.holding({name: child for name, child in value.items() if name != key})

    def at(self, path: Path) -> "Node | None":
        """The node at `path`; None if there is none."""
        node: Node | None = self
        for part in path:
            if node is None:
                return None
            value = node.value
            if isinstance(part, int):
                node = value[part] if type(value) is list and part < len(value) else None
            else:
                node = value.get(part) if type(value) is dict else None
        return node

    def walk(self, path: Path = ()) -> Iterator[tuple[Path, "Node"]]:
        """Every node below this one with its path, parents first, in the order of the file."""
        # One generator with its own stack: with one per level, every value would be passed up through all of them.
        pile = [(path, _children(self))]
        while pile:
            above, children = pile[-1]
            for part, child in children:
                here = (*above, part)
                yield here, child
                if type(child.value) in (dict, list):
                    pile.append((here, _children(child)))
                    break
            else:
                pile.pop()


def _children(node: Node) -> Iterator[tuple[str | int, Node]]:
    value = node.value
    if type(value) is dict:
        return iter(value.items())
    return enumerate(value) if type(value) is list else iter(())


def plain(node: Node) -> Any:
    """The value without positions: dicts, lists and scalars."""
    value = node.value
    if type(value) is dict:
        return {key: plain(child) for key, child in value.items()}
    if type(value) is list:
        return [plain(child) for child in value]
    return value


def lift(value: Any, mark: Mark | None = None, key: Mark | None = None) -> Node:
    """The reverse of `plain`: every node gets the position `mark`."""
    if type(value) is dict:
        return Node({name: lift(child, mark) for name, child in value.items()}, mark, key)
    if type(value) is list:
        return Node([lift(child, mark) for child in value], mark, key)
    return Node(value, mark, key)


def _span(mark: Mark | None) -> Span | None:
    return Span(mark.name, mark.line + 1, mark.column + 1) if mark else None
