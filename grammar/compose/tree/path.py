"""Tables keyed by path: the loader's behaviour is written as `{"services.*.ports": rule}`.

A table is compiled once into a tree of `Patterns`; a phase then walks the pattern tree and the value tree
together and skips whatever no pattern names (docs/loading.md). `*` stands for any key and for
any list item.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.key_path import Path

T = TypeVar("T")


class Patterns(Generic[T]):
    """One level of a compiled table: the rule for this path, and the levels below."""

    __slots__ = ("children", "rule", "star")

    def __init__(self) -> None:
        self.rule: T | None = None
        self.children: dict[str, Patterns[T]] = {}
        self.star: Patterns[T] | None = None

    def below(self, part: str | int) -> "Patterns[T] | None":
        """The level that `part` leads to; a literal key wins over `*`."""
        return self.children.get(part, self.star) if isinstance(part, str) else self.star


def compile_patterns(table: Mapping[str, T]) -> Patterns[T]:
    """Compile `{"a.*.b": rule}`."""
    root: Patterns[T] = Patterns()
    for pattern, rule in table.items():
        level = root
        for part in pattern.split("."):
            if part == "*":
                level.star = level.star or Patterns()
                level = level.star
            else:
                level = level.children.setdefault(part, Patterns())
        level.rule = rule
    return root


def named(root: Node, text: str) -> Path | None:
    """The path of an existing node from text like `services.web.ports[0]`; keys may contain dots."""
    if not text:
        return ()
    value = root.value
    if type(value) is list:
        found = re.match(r"\[(\d{1,9})\]", text)
        if found is None or int(found[1]) >= len(value):
            return None
        below = named(value[int(found[1])], text[found.end() :].removeprefix("."))
        return None if below is None else (int(found[1]), *below)
    for key in sorted(value, key=len, reverse=True) if type(value) is dict else ():
        rest = text[len(key) :]
        if text.startswith(key) and (not rest or rest[0] in ".["):
            below = named(value[key], rest.removeprefix("."))
            if below is not None:
                return (key, *below)
    return None


def rewrite(node: Node, patterns: Patterns[T], apply: Callable[[T, Node, Path], Node], path: Path = ()) -> Node:
    """`node` with every node that a pattern names replaced by `apply(rule, node, path)`, parents first.

    Untouched parts are shared with the input.
    """
    if patterns.rule is not None:
        node = apply(patterns.rule, node, path)
    value = node.value
    if type(value) is dict:
        star = patterns.star
        known = patterns.children
        if star is None and not known:
            return node
        names = value if star is not None else known.keys() & value.keys()
        changed: dict[str, Node] = {}
        for name in names:
            child = value[name]
            level = known.get(name, star)
            if level is not None and (level.rule is not None or _names_below(level, child.value)):
                new = rewrite(child, level, apply, (*path, name))
                if new is not child:
                    changed[name] = new
        return node.holding({**value, **changed}) if changed else node
    if type(value) is list and patterns.star is not None:
        star = patterns.star
        items = [rewrite(child, star, apply, (*path, index)) for index, child in enumerate(value)]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return node if same else node.holding(items)
    return node


def _names_below(level: Patterns[T], value: object) -> bool:
    """Whether a pattern names anything below a value: most values of a large stack need no walk."""
    if type(value) is dict:
        return level.star is not None or not level.children.keys().isdisjoint(value)
    return type(value) is list and level.star is not None


def drop_paths(node: Node, paths: Iterable[Path]) -> Node:
    """`node` without the nodes at `paths`."""
    below: dict[str | int, list[Path]] = {}
    for path in paths:
        below.setdefault(path[0], []).append(path[1:])
    if not below or type(node.value) is not dict:
        return node
    entries = {}
    for name, child in node.value.items():
        deeper = below.get(name)
        if deeper is None:
            entries[name] = child
        elif () not in deeper:
            entries[name] = drop_paths(child, deeper)
    return node.holding(entries)
