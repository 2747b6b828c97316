"""The canonical YAML with the place that each line came from: what `config --origins` prints.

Walks the canonical document and the tree that it was made from together.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from grammar.compose.load import Loaded
from grammar.compose.node import Node, Path
from grammar.compose.path import dotted
from grammar.compose.render import yaml_lines
from grammar.source import Span
from stackferry.render.diagnostics import visible
from stackferry.render.style import Style

_WIDEST = 60


class Origin(NamedTuple):
    """One line of the document.

    `by` is who says it: `file`; `-p` or `COMPOSE_PROJECT_NAME`; nobody, which makes a setting a `default`
    and a thing `implied`.
    """

    path: Path
    value: Any
    span: Span | None
    by: str


def origins(loaded: Loaded, document: Any) -> list[Origin]:
    """Where every line of `yaml_lines(document)` came from, in their order."""
    return [_origin(loaded, path, value) for path, value in _lines(document, ())]


def origin_yaml(document: Any, found: Sequence[Origin], style: Style, *, interpolated: bool) -> str:
    """The document with the places as comments, in one column as far as lines are short: still the same YAML."""
    lines = yaml_lines(document)
    if interpolated:
        lines = [line.replace("$", "$$") for line in lines]
    width = min(_WIDEST, max((len(line.partition("\n")[0]) for line in lines), default=0))
    return "".join(f"{_annotated(line, one, width, style)}\n" for line, one in zip(lines, found, strict=True))


def origin_json(found: Sequence[Origin]) -> str:
    """An object per line: key, path, value if it is a plain one, file, line, column, by."""
    return json.dumps([_plain(one) for one in found], indent=2, ensure_ascii=False) + "\n"


def _lines(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """What each line of the YAML is about, as `yaml_lines` has them."""
    entries = value.items() if type(value) is dict else enumerate(value)
    for part, child in entries:
        below = (*path, part)
        holds = type(child) in (dict, list) and bool(child)
        if type(part) is str or not holds:
            yield below, child
        if holds:
            yield from _lines(child, below)


def _origin(loaded: Loaded, path: Path, value: Any) -> Origin:
    if path == ("name",) and loaded.interpolated:
        return _name(loaded, value)
    node = _node(loaded.tree, path, value)
    span = node.key_span if node is not None else None
    if span is not None:
        return Origin(path, value, span, "file")
    return Origin(path, value, None, "implied" if value is None or type(value) in (dict, list) else "default")


def _name(loaded: Loaded, value: str) -> Origin:
    """The project's name: what the command line says hides what a file says."""
    node = loaded.tree.get("name")
    span = node.key_span if node is not None and loaded.name_from is None else None
    return Origin(("name",), value, span, loaded.name_from or ("file" if span else "default"))


def _node(tree: Node, path: Path, value: Any) -> Node | None:
    """The node that a line was made from; two mappings of the tree are printed as lists."""
    if len(path) > 3 and path[-2] in ("extra_hosts", "ssh") and type(path[-1]) is int:
        section = tree.at(path[:-1])
        if section is not None and type(section.value) is dict:
            return _entry(section.value, str(value))
    return tree.at(path)


def _entry(section: Mapping[str, Node], item: str) -> Node | None:
    name, _, rest = item.partition("=")
    node = section.get(name)
    if node is None or type(node.value) is not list:
        return node
    return next((child for child in node.value if child.value == rest), node)


def _annotated(line: str, one: Origin, width: int, style: Style) -> str:
    """A block of text has its place on its first line: the others are all text."""
    first, newline, rest = line.partition("\n")
    place = visible(f"{one.span.source}:{one.span.line}").replace("\n", "?") if one.span else f"({one.by})"
    return f"{first:{width}}  {style.paint('faint', f'# {place}')}{newline}{rest}"


def _plain(one: Origin) -> dict[str, Any]:
    said = {} if type(one.value) in (dict, list) and one.value else {"value": one.value}
    return {
        "key": dotted(one.path),
        "path": list(one.path),
        **said,
        "file": one.span.source if one.span else None,
        "line": one.span.line if one.span else None,
        "column": one.span.column if one.span else None,
        "by": one.by,
    }
