"""Shapes: which kinds of value may stand at a place; `schema.py` is written in them.

`check` compares a tree with a shape. It reports every misfit with its position and returns the tree
without the parts that do not fit, so that later phases can go on and find the remaining problems.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.scalars import Timestamp
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.go_format import sprint
from stackferry.grammar.key_path import Path, dotted
from stackferry.grammar.source import Span

_KINDS: dict[type, str] = {
    str: "text",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
    dict: "mapping",
    list: "list",
    Timestamp: "date",
}
_ARTICLES = {
    "text": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "nothing",
    "mapping": "a mapping",
    "list": "a list",
    "date": "a date",
}


class Shape:
    """The values that fit one place. Combine alternatives of different kinds with `|`.

    `keys` and `star` describe a mapping (known keys; all others, whose names match `names`), `item` a list.
    """

    __slots__ = (
        *("closed", "distinct", "extensible", "item", "keys", "kinds", "names", "needed", "options", "pattern"),
        *("says", "some", "span", "star"),
    )

    def __init__(self, *kinds: str, **details: Any) -> None:
        self.kinds = frozenset(kinds)
        self.keys: Mapping[str, Shape] = details.get("keys", {})
        self.star: Shape | None = details.get("star")
        self.names: re.Pattern[str] | None = details.get("names")
        self.needed: tuple[str, ...] = details.get("needed", ())
        self.some: tuple[str, ...] = details.get("some", ())
        self.closed: bool = details.get("closed", True)
        self.extensible: bool = details.get("extensible", True)
        self.item: Shape | None = details.get("item")
        self.distinct: bool = details.get("distinct", False)
        self.options: tuple[str, ...] = details.get("options", ())
        self.pattern: re.Pattern[str] | None = details.get("pattern")
        self.says: str = details.get("says", "")
        self.span: tuple[int, int] | None = details.get("span")

    def __or__(self, other: "Shape") -> "Shape":
        details = {}
        for slot in ("keys", "star", "names", "needed", "some", "item", "options", "pattern", "says", "span"):
            details[slot] = getattr(self, slot) or getattr(other, slot)
        details["distinct"] = self.distinct or other.distinct
        details["closed"] = self.closed and other.closed
        details["extensible"] = self.extensible and other.extensible
        return Shape(*self.kinds, *other.kinds, **details)

    def paths(self, prefix: str = "") -> Iterator[str]:
        """Every key path below: `ports[].target`; `*` is a user-chosen name."""
        dot = f"{prefix}." if prefix else ""
        for key, shape in self.keys.items():
            yield dot + key
            yield from shape.paths(dot + key)
        if self.star is not None:
            yield dot + "*"
            yield from self.star.paths(dot + "*")
        if self.item is not None and self.item.kinds & {"mapping", "list"}:
            yield from self.item.paths(prefix + "[]")


TEXT = Shape("text")
BOOLEAN = Shape("boolean")
INTEGER = Shape("integer")
NUMBER = Shape("number", "integer")
NULL = Shape("null")
ANYTHING = Shape()
"""No check at all."""


def choice(*options: str) -> Shape:
    """Text that is one of the options."""
    return Shape("text", options=options)


def matching(pattern: str, says: str) -> Shape:
    """Text in which `pattern` is found; `says` describes the pattern to the user."""
    return Shape("text", pattern=re.compile(pattern), says=says)


def between(low: int, high: int) -> Shape:
    """A whole number in a range, both ends included."""
    return Shape("integer", span=(low, high))


def listing(item: Shape, distinct: bool = False) -> Shape:
    """A list; `distinct` forbids duplicate items."""
    return Shape("list", item=item, distinct=distinct)


def mapping(
    keys: Mapping[str, Shape],
    needed: tuple[str, ...] = (),
    some: tuple[str, ...] = (),
    closed: bool = True,
    extensible: bool = True,
) -> Shape:
    """A mapping of known keys; others pass unless `closed`, `x-` keys if `extensible`.

    All `needed` keys must be there, and at least one of `some`.
    """
    return Shape("mapping", keys=keys, needed=needed, some=some, closed=closed, extensible=extensible)


def named(star: Shape, names: str = ".+", closed: bool = True) -> Shape:
    """A mapping with user-chosen names; unless `closed`, names that do not match `names` pass, too."""
    return Shape("mapping", star=star, names=re.compile(names), closed=closed)


def check(node: Node, shape: Shape, path: Path, report: Diagnostics) -> Node | None:
    """The part of `node` that fits; None if nothing does. Misfits go to `report`."""
    value = node.value
    kind = _KINDS.get(type(value), "number")
    if kind == "number" and not math.isfinite(value):
        _refuse_endless(node, path, report)
        return None
    if kind == "date" and "text" in shape.kinds:
        # The schema sees a date as its JSON text. Where text does not do, the typing phase reports it.
        kind, value = "text", value.normal()
    if kind not in shape.kinds and not _is_whole(kind, value, shape):
        _wrong_kind(node, kind, shape, path, report)
        return None
    if kind == "mapping":
        return _check_mapping(node, shape, path, report)
    if kind == "list":
        return _check_list(node, shape, path, report)
    if kind == "text":
        if shape.options and value not in shape.options:
            hint = report.did_you_mean(value, shape.options) or f"one of {', '.join(shape.options)}"
            report.error("wrong-value", f"{dotted(path)}: {value!r} is not a known value", node.span, hint)
            return None
        if shape.pattern is not None and not shape.pattern.search(value):
            report.error("wrong-value", f"{dotted(path)}: {value!r} is not allowed here", node.span, shape.says)
            return None
    elif shape.span is not None and kind in ("integer", "number") and not shape.span[0] <= value <= shape.span[1]:
        report.error(
            "wrong-value", f"{dotted(path)}: {value} is not between {shape.span[0]} and {shape.span[1]}", node.span
        )
        return None
    return node


def _refuse_endless(node: Node, path: Path, report: Diagnostics) -> None:
    report.error(
        "wrong-value", f"{dotted(path)}: {sprint(node.value)} is not a valid JSON number", node.span, "quote it"
    )


def check_finite(root: Node, report: Diagnostics) -> None:
    """Report infinity and NaN, which JSON does not have, in values that the schema does not check."""
    for path, node in root.walk():
        if type(node.value) is float and not math.isfinite(node.value) and any(_is_own(part) for part in path):
            _refuse_endless(node, path, report)


def _is_own(part: str | int) -> bool:
    return type(part) is str and part.startswith("x-")


def _is_whole(kind: str, value: Any, shape: Shape) -> bool:
    """A float without a fraction counts as a whole number."""
    return kind == "number" and "integer" in shape.kinds and float(value).is_integer()


def _check_mapping(node: Node, shape: Shape, path: Path, report: Diagnostics) -> Node | None:
    changed: dict[str, Node | None] = {}
    keys = shape.keys
    for name, child in node.value.items():
        inner = keys.get(name) or _shape_of(name, shape)
        if inner is None:
            _unknown(name, node, shape, path, report)
            changed[name] = None
        elif inner is not ANYTHING:
            new = check(child, inner, (*path, name), report)
            if new is not child:
                changed[name] = new
    for name in shape.needed:
        if name not in node.value:
            report.error("missing-key", f"{dotted(path)}: the key {name!r} is required", node.key_span)
            return None
    if shape.some and node.value.keys().isdisjoint(shape.some):
        report.error("missing-key", f"{dotted(path)}: one of the keys {_listed(shape.some)} is required", node.key_span)
        return None
    if not changed:
        return node
    merged = {**node.value, **changed}
    return node._replace(value={name: child for name, child in merged.items() if child is not None})


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(map(repr, names))


def _shape_of(name: str, shape: Shape) -> Shape | None:
    """The shape of a key that is not listed; None if it is not allowed."""
    if shape.keys and shape.extensible and name.startswith("x-"):
        return ANYTHING
    if shape.star is not None and _fits(name, shape):
        return shape.star
    return None if shape.closed else ANYTHING


def _fits(name: str, shape: Shape) -> bool:
    return shape.names is not None and shape.names.search(name) is not None


def _check_list(node: Node, shape: Shape, path: Path, report: Diagnostics) -> Node:
    inner = shape.item
    if inner is None:
        return node
    items = [check(item, inner, (*path, index), report) for index, item in enumerate(node.value)]
    if shape.distinct and len(node.value) > 1:
        _check_distinct(node, path, report)
    same = all(new is old for new, old in zip(items, node.value, strict=True))
    return node if same else node._replace(value=[item for item in items if item is not None])


def _check_distinct(node: Node, path: Path, report: Diagnostics) -> None:
    seen: dict[object, Node] = {}
    for index, item in enumerate(node.value):
        key = _identity(item)
        if key in seen:
            first = seen[key].span
            report.error(
                "duplicate-item",
                f"{dotted((*path, index))}: the item is in the list twice"
                + (f", first at line {first.line}" if first else ""),
                item.span,
            )
        seen.setdefault(key, item)


def _identity(node: Node) -> object:
    """A hashable value, equal for equal items: 1 equals 1.0, but neither "1" nor true."""
    value = node.value
    if type(value) is dict:
        return frozenset((name, _identity(child)) for name, child in value.items())
    if type(value) is list:
        return tuple(_identity(child) for child in value)
    return (type(value) is bool, value)


def _wrong_kind(node: Node, kind: str, shape: Shape, path: Path, report: Diagnostics) -> None:
    # Imported here, and below: only a run that found a mistake pays for it.
    from stackferry.grammar.compose.validate.misfit import hint_for_kind

    kinds = [name for name in _ARTICLES if name in shape.kinds]
    if "number" in kinds and "integer" in kinds:
        kinds.remove("integer")
    names = [_ARTICLES[name] for name in kinds]
    wanted = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    shown = f" {node.value}" if kind in ("boolean", "integer", "number", "date") else ""
    got = {"boolean": "the boolean", "integer": "the number", "number": "the number", "date": "the date"}
    typed = hint_for_kind(node, kind, shape, path)
    report.error(
        "wrong-type",
        f"{dotted(path) or 'the document'}: expected {wanted}, got {got.get(kind, _ARTICLES[kind])}{shown}",
        _moved(node.span, typed.offset),
        typed.hint,
    )


def _moved(span: Span | None, columns: int) -> Span | None:
    return span and span._replace(column=span.column + columns)


def _unknown(name: str, node: Node, shape: Shape, path: Path, report: Diagnostics) -> None:
    from stackferry.grammar.compose.validate.misfit import hint_for_unknown
    from stackferry.grammar.compose.validate.mistyped import hint_for_key

    where = dotted(path) or "the top level"
    child = node.value[name]
    typed = hint_for_key(name, shape.keys)
    if shape.star is not None and not shape.keys:
        report.error(
            "wrong-name",
            f"{where}: {name!r} is not a valid name",
            _moved(child.key_span, typed.offset if typed else 0),
            typed.hint if typed else "use only letters, digits, '.', '_' and '-'",
        )
        return
    hint = typed.hint if typed else hint_for_unknown(name, node, shape, path, report)
    span = _moved(child.key_span, typed.offset if typed else 0)
    report.error("unknown-key", f"unknown key {name!r} in {where}", span, hint)
