"""The canonical YAML with the origin of each line: the output of `config --origins`.

Walks the canonical document together with its tree, once and line by line: the output may be a hundred times as large
as the file, so it is never held in memory as a whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, count, repeat
from json import dumps
from json.encoder import encode_basestring
from operator import methodcaller
from typing import Any

from stackferry.grammar.compose.load import Loaded
from stackferry.grammar.compose.output.render import in_pieces, yaml_lines
from stackferry.grammar.compose.tree.node import Mark, Node
from stackferry.grammar.diagnostics import StackferryError
from stackferry.render.diagnostics import visible
from stackferry.render.style import Style

_WIDEST = 60
LETTERS_LIMIT = 200_000_000
"""Most characters of all paths together in the JSON, where each line has its full path, however deep it is."""


class Trail:
    """The path of a mapping or a list: a link to its parent, rendered on demand."""

    __slots__ = ("_json", "above", "depth", "part")

    def __init__(self, above: "Trail | None" = None, part: str | int = "") -> None:
        self.above = above
        self.part = part
        self.depth: int = 0 if above is None else above.depth + 1
        self._json: tuple[str, str] | None = None

    @property
    def json(self) -> tuple[str, str]:
        """The beginning of the JSON of every line below: the dotted key, and the path as a list."""
        if self._json is None:
            key, parts = ("", "") if self.above is None else self.above.json
            if self.above is None:
                self._json = ("", "")
            elif type(self.part) is str:
                text = encode_basestring(self.part)
                self._json = (f"{key}.{text[1:-1]}" if key else text[1:-1], f"{parts}      {text},\n")
            else:
                self._json = (f"{key}[{self.part}]", f"{parts}      {self.part},\n")
        return self._json


Origin = tuple[Trail, str | int, Any, Mark | None, str]
"""One line of the document: its place (the trail of its container, and its key or index there), its value, its mark
if it comes from a file, and its other source if not.

The other source is `-p` or `COMPOSE_PROJECT_NAME`; without one, a setting is a `default` and an object `implied`.
A bare tuple, because there may be half a million.
"""


def origins(loaded: Loaded, document: Any) -> Iterator[Origin]:
    """The origin of every line of `yaml_lines(document)`, in order."""
    trail = Trail()
    children = _children(document, loaded.tree, trail)
    above: list[tuple[Iterator[tuple[str | int, Any, Node | None]], Trail]] = []
    while True:
        for part, value, node in children:
            kind = type(value)
            thing = kind is dict or kind is list
            holds = thing and bool(value)
            if not holds or type(part) is str:
                mark = None if node is None else node.key or node.mark
                by = "file" if mark else "implied" if thing or value is None else "default"
                if not above and part == "name" and loaded.interpolated and loaded.name_from:
                    # The command line overrides the file.
                    mark, by = None, loaded.name_from
                yield trail, part, value, mark, by
            if holds:
                above.append((children, trail))
                trail = Trail(trail, part)
                children = _children(value, node, trail)
                break
        else:
            if not above:
                return
            children, trail = above.pop()


def origin_yaml(document: Any, found: Iterable[Origin], style: Style, *, interpolated: bool) -> Iterator[str]:
    """The document with origins as comments, aligned where lines are short; it parses as the same YAML."""
    return in_pieces(_annotated(document, found, style, interpolated=interpolated))


def _annotated(document: Any, found: Iterable[Origin], style: Style, *, interpolated: bool) -> Iterator[str]:
    lines = yaml_lines(document)
    width, lines = _column(map(methodcaller("replace", "$", "$$"), lines) if interpolated else lines)
    begin, _, end = style.paint("faint", "# ").partition("# ")
    sources = _Texts(lambda source: f"  {begin}# " + visible(source).replace("\n", "?") + ":")
    for line, (_trail, _part, _value, mark, by) in zip(lines, found, strict=True):
        place = f"  {begin}# ({by})" if mark is None else f"{sources[mark.name]}{mark.line + 1}"
        if "\n" not in line:
            yield f"{line.ljust(width)}{place}{end}\n"
        else:
            # A block scalar gets its comment on the first line: all other lines are text.
            first, newline, rest = line.partition("\n")
            yield f"{first.ljust(width)}{place}{end}{newline}{rest}\n"


class _Texts(dict[str, str]):
    """The rendered name of each source, made once."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, name: str) -> str:
        text = self[name] = self.make(name)
        return text


def origin_json(document: Any, found: Iterable[Origin]) -> Iterator[str]:
    """An object per line: key, path, value if it is a scalar, file, line, column, by."""
    if _letters(document) > LETTERS_LIMIT:
        raise StackferryError(
            "the stack is nested too deeply, or its names are too long, to list all paths",
            "omit --format json",
        )
    return in_pieces(_objects(found))


def _children(value: Any, node: Node | None, trail: Trail) -> Iterator[tuple[str | int, Any, Node | None]]:
    """The children of a canonical value, each with its node of the tree."""
    held = None if node is None else node.value
    if type(value) is dict:
        return zip(value, value.values(), map(held.get, value) if type(held) is dict else repeat(None), strict=False)
    if type(held) is list:
        return zip(count(), value, chain(held, repeat(None)), strict=False)
    if type(held) is dict and trail.depth > 2 and trail.part in ("extra_hosts", "ssh"):
        return zip(count(), value, _listed(held, value), strict=False)
    return zip(count(), value, repeat(None), strict=False)


def _listed(section: Mapping[str, Node], items: Iterable[Any]) -> Iterator[Node | None]:
    """The nodes for items `name=value`: two mappings of the tree are printed as lists."""
    several: dict[str, dict[str, Node]] = {}
    for item in items:
        name, _, rest = str(item).partition("=")
        node = section.get(name)
        if node is not None and type(node.value) is list:
            if name not in several:
                several[name] = {child.value: child for child in reversed(node.value) if type(child.value) is str}
            node = several[name].get(rest, node)
        yield node


def _column(lines: Iterator[str]) -> tuple[int, Iterator[str]]:
    """The column of the comments, found by reading lines as far as needed; and an iterator of all lines."""
    width, read = 0, []
    for line in lines:
        read.append(line)
        if len(line) > width:
            width = max(width, len(line.partition("\n")[0]))
            if width >= _WIDEST:
                break
    return min(width, _WIDEST), chain(read, lines)


def _letters(document: Any) -> int:
    """The approximate total length of all paths."""
    total = 0
    left = [(0, document)]
    while left:
        above, value = left.pop()
        total += above * len(value)
        if type(value) is dict:
            for part, child in value.items():
                long = len(part)
                total += long
                if type(child) in (dict, list) and child:
                    left.append((above + long + _BESIDE, child))
        else:
            left += [(above + _BESIDE, child) for child in value if type(child) in (dict, list) and child]
    return 2 * total


_BESIDE = 8
"""Characters that a part of a path takes beside the part itself."""


def _objects(found: Iterable[Origin]) -> Iterator[str]:
    # Text that all lines of a mapping or list share is made once: a stack may have half a million lines.
    begin, between = "[\n", ",\n"
    sources = _Texts(lambda source: f'    "file": {encode_basestring(source)},\n    "line": ')
    last = None
    for trail, part, value, mark, by in found:
        if trail is not last:
            last = trail
            key, parts = trail.json
            opening, separator = f'  {{\n    "key": "{key}', "." if key else ""
        if type(part) is str:
            text = encode_basestring(part)
            where = f'{separator}{text[1:]},\n    "path": [\n{parts}      {text}'
        else:
            where = f'[{part}]",\n    "path": [\n{parts}      {part}'
        kind = type(value)
        if kind is str:
            said = f'\n    "value": {encode_basestring(value)},\n'
        elif kind is int or value is None:
            # Two kinds of values are frequent in large files, and calling the encoder is slow.
            said = f'\n    "value": {"null" if value is None else value},\n'
        elif kind is dict or kind is list:
            said = "\n" if value else '\n    "value": {},\n' if kind is dict else '\n    "value": [],\n'
        else:
            said = f'\n    "value": {dumps(value, ensure_ascii=False)},\n'
        place = (
            f'{sources[mark.name]}{mark.line + 1},\n    "column": {mark.column + 1},\n    "by": "'
            if mark is not None
            else _NOWHERE
        )
        yield f'{begin}{opening}{where}\n    ],{said}{place}{by}"\n  }}'
        begin = between
    yield "[]\n" if begin is not between else "\n]\n"


_NOWHERE = '    "file": null,\n    "line": null,\n    "column": null,\n    "by": "'
