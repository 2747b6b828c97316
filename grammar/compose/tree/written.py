"""The keys that a file wrote, as paths of a tree, with their places: the input of the report on every key.

Depends on no phase; `load.py` passes it the canonical tree.
"""

from collections.abc import Iterable, Iterator

from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.key_path import Path
from stackferry.grammar.source import Span

Key = tuple[Path, Span]


def written(root: Node, spent: Iterable[Key]) -> Iterator[Key]:
    """Every key and list item below `root` that has a mark; all keys of one service or resource come together.

    `spent` are keys that are no longer in the tree: those of a service or resource come with its other keys, the rest
    first.
    """
    known: dict[Path, list[Key]] = {}
    for path, span in spent:
        known.setdefault(path[:2], []).append((path, span))
    for path in [path for path in known if root.at(path) is None]:
        yield from known.pop(path)
    make = tuple.__new__
    for path, node in root.walk():
        mark = node.key or node.mark
        if mark is not None:
            # `key_span` takes three times as long, and there are thousands of keys.
            yield path, make(Span, (mark.name, mark.line + 1, mark.column + 1))
        if known and path in known:
            yield from known.pop(path)
