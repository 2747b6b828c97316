"""Codecs: convert one value of the canonical tree to its type. `typed.py` has the tables of codecs by key.

A codec takes a node in long syntax and returns it with a typed value, or None if Docker Compose leaves
the value out (empty, false, zero): absent and zero mean the same there. The
`_kept` codecs keep it, because for their keys zero differs from unset.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from stackferry.grammar.compose.syntax.command_line import split_command
from stackferry.grammar.compose.syntax.order import ordered
from stackferry.grammar.compose.syntax.quantities import duration, file_mode, size
from stackferry.grammar.compose.syntax.short_forms import ShorthandError
from stackferry.grammar.compose.syntax.units import Bytes, Duration, FileMode, Float32
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.scalars import Timestamp, boolean, fraction, integer
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.go_format import sprint
from stackferry.grammar.key_path import Path, dotted

Codec = Callable[[Node, Path, Diagnostics], Node | None]
Scalar = Callable[[Any], Any]


class Extension(Node):
    """The value of an `x-` key: passed on as it is, and left out of JSON as Docker Compose does."""

    __slots__ = ()


def scalar(convert: Scalar, keep_zero: bool = False) -> Codec:
    """A codec for one scalar; `convert` raises ValueError with a sentence for the user."""

    def codec(node: Node, path: Path, report: Diagnostics) -> Node | None:
        value = node.value
        if value is None:
            return None
        try:
            typed = convert(value)
        except ValueError as error:
            report.error("wrong-type", f"{dotted(path)}: {error}", node.span)
            return None
        if not typed and not keep_zero:
            return None
        return node if typed is value else node.holding(typed)

    return codec


def _no(value: Any, wanted: str) -> ValueError:
    kinds: dict[type, str] = {dict: "a mapping", list: "a list"}
    shown = kinds.get(type(value)) or sprint(value)
    return ValueError(f"expected {wanted}, got {shown}")


def as_text(value: Any) -> str:
    """Text; a whole number becomes text."""
    if type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    raise _no(value, "text (quote it)")


def as_printed(value: Any) -> str:
    """Text; any scalar as Go prints it."""
    if type(value) in (dict, list):
        raise _no(value, "a single value")
    return sprint(value)


def as_flag(value: Any) -> bool:
    """A boolean, or text that spells one."""
    if type(value) is bool:
        return value
    if type(value) is str:
        return boolean(value)
    raise _no(value, "true or false")


def as_whole(value: Any) -> int:
    """A whole number; a fraction is cut off, as Docker Compose does."""
    if type(value) is str:
        return integer(value)
    if type(value) is int:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return int(value)
    raise _no(value, "a whole number")


def as_natural(value: Any) -> int:
    """A whole number that is not negative; text is accepted only from interpolation."""
    if type(value) is str:
        raise _no(value, "a number without quotes")
    number = as_whole(value)
    if number < 0:
        raise ValueError(f"{number} is negative")
    return number


def as_umask(value: Any) -> int:
    """Permission bits to mask: a number; interpolation has already converted text."""
    number = as_natural(value)
    if number >= 1 << 32:
        raise ValueError(f"{number} does not fit into 32 bits")
    return number


def as_fraction(value: Any) -> Float32:
    """A number with 32 bits of precision."""
    if type(value) is str:
        return Float32(fraction(value))
    if type(value) is bool or not isinstance(value, int | float):
        raise _no(value, "a number")
    return Float32(value)


def as_size(value: Any) -> Bytes:
    """Bytes: a number, or text with a unit. Like Docker Compose, reads a fraction without a unit as zero."""
    if type(value) is str:
        return size(value)
    return Bytes(value if type(value) is int else 0)


def as_duration(value: Any) -> Duration:
    """A duration from text with units."""
    return duration(as_printed(value))


def as_mode(value: Any) -> FileMode:
    """Permission bits: a number (YAML reads 0444 as octal), or octal digits in quotes."""
    if type(value) is str:
        return file_mode(value)
    if type(value) is not int:
        raise _no(value, "octal digits")
    return FileMode(value)


def as_count(value: Any) -> int:
    """How many devices: a number, or `all` (-1)."""
    if type(value) is str and value.lower() == "all":
        return -1
    return as_whole(value)


TEXT = scalar(as_text)
TEXT_KEPT = scalar(as_text, keep_zero=True)
PRINTED = scalar(as_printed)
PRINTED_KEPT = scalar(as_printed, keep_zero=True)
FLAG = scalar(as_flag)
FLAG_KEPT = scalar(as_flag, keep_zero=True)
WHOLE = scalar(as_whole)
WHOLE_KEPT = scalar(as_whole, keep_zero=True)
NATURAL = scalar(as_natural)
UMASK_KEPT = scalar(as_umask, keep_zero=True)
NATURAL_KEPT = scalar(as_natural, keep_zero=True)
FRACTION = scalar(as_fraction)
SIZE = scalar(as_size)
SIZE_KEPT = scalar(as_size, keep_zero=True)
DURATION = scalar(as_duration)
DURATION_KEPT = scalar(as_duration, keep_zero=True)
MODE_KEPT = scalar(as_mode, keep_zero=True)
COUNT = scalar(as_count)


def list_of(item: Codec, keep_empty: bool = False) -> Codec:
    """A list; a single value counts as a list of one."""

    def codec(node: Node, path: Path, report: Diagnostics) -> Node | None:
        value = node.value
        if value is None:
            return None
        items = value if type(value) is list else [node._replace(key=None)]
        if not items and not keep_empty:
            return None
        typed = [item(child, (*path, index), report) for index, child in enumerate(items)]
        return node.holding([child for child in typed if child is not None])

    return codec


def mapping_of(item: Codec, keep_null: bool = False) -> Codec:
    """A mapping with user-chosen names; entries without a value stay if `keep_null`."""

    def codec(node: Node, path: Path, report: Diagnostics) -> Node | None:
        value = node.value
        _refuse_date(node, path, report)
        if type(value) is not dict or not value:
            return None
        entries: dict[str, Node] = {}
        for name in ordered(value):
            child = value[name]
            typed = item(child, (*path, name), report)
            if typed is not None:
                entries[name] = typed
            elif keep_null:
                entries[name] = child.holding(None)
        return node.holding(entries)

    return codec


def record(fields: Mapping[str, Codec], keep_empty: bool = True) -> Codec:
    """A mapping of known keys, in the order that `docker compose config` prints them, then the `x-` keys."""
    order = {name: index for index, name in enumerate(fields)}

    def codec(node: Node, path: Path, report: Diagnostics) -> Node | None:
        value = node.value
        _refuse_date(node, path, report)
        if type(value) is not dict:
            return None
        entries: dict[str, Node] = {}
        extensions: dict[str, Node] = {}
        for name in sorted(value, key=lambda key: order.get(key, -1)):
            child = value[name]
            field = fields.get(name)
            if field is not None:
                typed = field(child, (*path, name), report)
                if typed is not None:
                    entries[name] = typed
            elif name.startswith("x-"):
                extensions[name] = Extension(*in_order(child))
        for name in ordered(extensions):
            entries[name] = extensions[name]
        return node.holding(entries) if entries or keep_empty else None

    return codec


def _refuse_date(node: Node, path: Path, report: Diagnostics) -> None:
    """Refuse a date: where a short form may stand, it has passed for text so far."""
    if type(node.value) is Timestamp:
        report.error("wrong-type", f"{dotted(path)}: a date is not allowed here", node.span, "quote it to make it text")


def in_order(node: Node) -> Node:
    """The node with the keys of every mapping below it sorted."""
    value = node.value
    if type(value) is dict:
        return node.holding({name: in_order(value[name]) for name in ordered(value)})
    if type(value) is list:
        return node.holding([in_order(child) for child in value])
    return node


def present(inner: Codec) -> Codec:
    """A codec for an entry that exists even if it is null: null counts as an empty record."""

    def codec(node: Node, path: Path, report: Diagnostics) -> Node | None:
        return inner(node if node.value is not None else node.holding({}), path, report)

    return codec


def variables(nullable: bool) -> Codec:
    """`environment`, `args`, `labels` and the like: `key=value` items or a mapping, as a mapping of text.

    An entry without a value stays null if `nullable`, else it becomes empty text.
    """

    def codec(node: Node, path: Path, report: Diagnostics) -> Node | None:
        value = node.value
        if not value:
            return None
        pairs = value if type(value) is dict else _split(value, path, report)
        entries: dict[str, Node] = {}
        for name in ordered(pairs):
            child = pairs[name]
            if child.value is None:
                entries[name] = child if nullable else child.holding("")
            else:
                text = sprint(child.value)
                entries[name] = child if text is child.value else child.holding(text)
        return node.holding(entries)

    return codec


def _split(items: list[Node], path: Path, report: Diagnostics) -> dict[str, Node]:
    pairs: dict[str, Node] = {}
    for item in items:
        name, equals, text = sprint(item.value).partition("=")
        if name[-1:].isspace() and path[-1:] in (("environment",), ("args",)):
            report.error(
                "variable-space",
                f"{dotted(path)}: variable {name!r} ends with a space",
                item.span,
                f"remove the space: {name.rstrip()}={text}",
            )
            continue
        pairs[name] = Node(text if equals else None, item.mark, item.mark)
    return pairs


ENVIRONMENT = variables(nullable=True)
LABELS = variables(nullable=False)


def options(node: Node, path: Path, report: Diagnostics) -> Node | None:
    """Driver options; every scalar becomes text."""
    return LABELS(node, path, report) if type(node.value) is dict else None


def command(node: Node, path: Path, report: Diagnostics) -> Node | None:
    """A command line as a list of words. An empty list is kept: it clears the image's command."""
    if type(node.value) is not str:
        return list_of(TEXT_KEPT, keep_empty=True)(node, path, report)
    try:
        words = split_command(node.value)
    except ShorthandError as error:
        report.error("command-syntax", f"{dotted(path)}: {error}", node.span, error.hint)
        return None
    return node.holding([Node(word, node.mark, None) for word in words])


def health_test(node: Node, path: Path, report: Diagnostics) -> Node | None:
    """A health check's command, preceded by its kind: text runs in a shell."""
    if type(node.value) is not str:
        return list_of(TEXT_KEPT)(node, path, report)
    return node.holding([Node("CMD-SHELL", node.mark, None), node._replace(key=None)])


def hosts(node: Node, path: Path, report: Diagnostics) -> Node | None:
    """Extra hosts as a mapping from a name to its addresses."""
    pairs: dict[str, list[Node]] = {}
    items: list[tuple[str, str, Node]] = []
    for name, child in node.value.items() if type(node.value) is dict else ():
        several = child.value if type(child.value) is list else [child]
        items.extend((name, "" if one.value is None else sprint(one.value), one) for one in several)
    for item in node.value if type(node.value) is list else ():
        text = sprint(item.value)
        separator = "=" if "=" in text else ":"
        name, found, addresses = text.partition(separator)
        if not found:
            report.error("host-syntax", f"{dotted(path)}: {text!r} has no IP address", item.span, "write HOST=ADDRESS")
            continue
        items.extend((name, address, item) for address in addresses.split(","))
    if type(node.value) is dict:
        pairs = {name: [] for name in node.value}
    for name, address, origin in items:
        if not name or ":" in name or "=" in name:
            report.error("host-syntax", f"{dotted(path)}: invalid host name {name!r}", origin.span)
            continue
        bare = address[1:-1] if len(address) > 2 and address[0] == "[" and address[-1] == "]" else address
        pairs.setdefault(name, []).append(Node(bare, origin.mark, None))
    if not pairs:
        return None
    return node._replace(
        value={name: Node(pairs[name], (pairs[name] or [node])[0].mark, node.key) for name in sorted(pairs)}
    )


def ulimit(node: Node, path: Path, report: Diagnostics) -> Node | None:
    """A limit: one number for both, or soft and hard."""
    if type(node.value) is dict:
        fields = {name: WHOLE_KEPT(child, (*path, name), report) for name, child in node.value.items()}
        said = {name: fields.get(name) or Node(0) for name in ("soft", "hard")}
        return node.holding(said)
    single = WHOLE_KEPT(node, path, report)
    if single is not None and not single.value:
        return node.holding({"soft": Node(0), "hard": Node(0)})
    return single


def repeated(node: Node, path: Path, report: Diagnostics) -> Node | None:
    """Provider options: each may have several values."""
    if type(node.value) is not dict or not node.value:
        return None
    entries = {}
    for name in sorted(node.value):
        child = node.value[name]
        several = child.value if type(child.value) is list else [child]
        entries[name] = child.holding([Node(sprint(one.value), one.mark or child.mark, None) for one in several])
    return node.holding(entries)


def as_is(node: Node, path: Path, report: Diagnostics) -> Node | None:
    """The node unchanged."""
    return node
