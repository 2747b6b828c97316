"""Cycles and order in a graph: pure, and independent of Kubernetes."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Generic, TypeVar

from stackferry.grammar.lazy_dataclass import dataclass

Node = TypeVar("Node", bound=Hashable)


def components(graph: Mapping[Node, Sequence[Node]]) -> tuple[tuple[Node, ...], ...]:
    """Strongly connected components, mostly of one node; each component comes after those that it leads to.

    Components that do not lead to each other are in the order of `graph`. Each node that is led to must be a key as
    well.
    """
    search = _Search(graph)
    for node in graph:
        if node not in search.number:
            search.visit(node)
    return tuple(search.found)


@dataclass(slots=True)
class _Search(Generic[Node]):
    """Tarjan's algorithm, without recursion: a stack may have thousands of services in one chain."""

    graph: Mapping[Node, Sequence[Node]]
    number: dict[Node, int] = field(default_factory=dict)
    found: list[tuple[Node, ...]] = field(default_factory=list)
    _lowest: dict[Node, int] = field(default_factory=dict)
    _open: dict[Node, None] = field(default_factory=dict)

    def visit(self, first: Node) -> None:
        way: list[tuple[Node, Iterator[Node]]] = [self._enter(first)]
        while way:
            node, left = way[-1]
            target = next(left, None)
            if target is None:
                way.pop()
                if way:
                    self._see(way[-1][0], self._lowest[node])
                if self._lowest[node] == self.number[node]:
                    self._close(node)
            elif target not in self.number:
                way.append(self._enter(target))
            elif target in self._open:
                self._see(node, self.number[target])

    def _enter(self, node: Node) -> tuple[Node, Iterator[Node]]:
        self.number[node] = self._lowest[node] = len(self.number)
        self._open[node] = None
        return node, iter(self.graph[node])

    def _see(self, node: Node, number: int) -> None:
        self._lowest[node] = min(self._lowest[node], number)

    def _close(self, node: Node) -> None:
        members: list[Node] = []
        while not members or members[-1] != node:
            members.append(self._open.popitem()[0])
        self.found.append(tuple(sorted(members, key=self.number.__getitem__)))
