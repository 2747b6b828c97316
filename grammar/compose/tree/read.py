"""YAML text to trees of nodes: the second loading phase, after `compose/discover.py`.

libyaml scans, this file composes: every node keeps its position, anchors share one node, merge keys
are resolved as go-yaml does, and hostile input (alias bombs, self-references, bottomless nesting)
is refused while reading, before anything has grown.
"""

import io
import math
import re
from typing import Any, NamedTuple

import yaml

from stackferry.grammar.compose.tree.growth import LONG
from stackferry.grammar.compose.tree.node import Mark, Node
from stackferry.grammar.compose.tree.scalars import resolve, tagged
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.key_path import Path
from stackferry.grammar.source import Span

try:
    from yaml._yaml import CParser as _Parser
except ImportError:  # PyYAML built without libyaml: slower, same events

    class _Parser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):  # type: ignore[no-redef]
        """The pure Python scanner and parser behind the same two methods."""

        def __init__(self, stream: Any) -> None:
            yaml.reader.Reader.__init__(self, stream)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)


DEEPEST = 100
"""Levels of nesting: a real compose file has about ten; Python's own stack ends near a thousand."""

DIRECTIVES = 100
"""`%TAG` lines: real files have none, and libyaml compares each with all others."""

VALUES = 100_000
"""Values of a document, keys not counted and an alias counted once: compose-go takes no more."""

EXPANSION = 200_000
"""Nodes that aliases may add to those that are written: far above any real file, a blink to walk."""


class Document(NamedTuple):
    """One YAML document. `resets` are the paths tagged `!reset` or `!override`.

    What earlier files say at those paths is dropped before this document is merged over it. `endless` says that a
    number in it is infinite, or none.
    """

    root: Node
    resets: tuple[Path, ...]
    endless: bool = False


def read(name: str, content: bytes, report: Diagnostics) -> list[Document]:
    """All documents of one file, in order; problems go to `report`, after a syntax error nothing follows."""
    if content.count(b"%TAG") > DIRECTIVES and len(_DIRECTIVE.findall(content)) > DIRECTIVES:
        report.error("yaml-syntax", f"more than {DIRECTIVES} tag directives", Span(name, 1, 1))
        return []
    stream = io.BytesIO(content)
    stream.name = name
    try:
        return _Composer(_Parser(stream), name, report).documents()
    except yaml.MarkedYAMLError as error:
        # A quote that is never closed is mended where it opens, not at the end of the file.
        endless = error.problem == "found unexpected end of stream" and error.context_mark
        where = endless or error.problem_mark or error.context_mark
        problem = " ".join(str(part) for part in (error.context, error.problem) if part)
        if "maximum nesting depth" in problem:
            # libyaml from 0.2.6 has a limit of its own, and meets it while looking ahead, before ours.
            report.error("yaml-too-deep", f"nested more than {DEEPEST} levels deep", _at(name, where))
            return []
        report.error("yaml-syntax", problem, _at(name, where), _syntax_hint(problem))
    except yaml.reader.ReaderError as error:
        report.error("yaml-encoding", f"not readable as UTF-8 text: {error.reason}", _offset(name, content, error))
    except _RefusedError as refused:
        report.error(refused.code, refused.message, refused.span, refused.hint)
    return []


class _Reset(Node):
    """A node tagged `!reset`; `value` is the node that a merge key would put there, or None."""

    __slots__ = ()


class _Override(Node):
    """A node tagged `!override`; `value` is the node itself."""

    __slots__ = ()


class _RefusedError(Exception):
    """Input that is not worth reading on."""

    def __init__(self, code: str, message: str, span: Span | None, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.span, self.hint = code, message, span, hint


_UNFINISHED = (None, 0)
_DIRECTIVE = re.compile(rb"^%TAG", re.MULTILINE)


class _Composer:
    """Events to nodes, one document after another."""

    def __init__(self, parser: Any, name: str, report: Diagnostics) -> None:
        self.next = parser.get_event
        self.name = name
        self.report = report
        self.anchors: dict[str, tuple[Node | None, int]] = {}
        self.written = 0
        self.expanded = 0
        self.has_tags = False
        self.endless = False
        self.values = 0

    def documents(self) -> list[Document]:
        found: list[Document] = []
        while True:
            event = self.next()
            kind = type(event)
            if kind is yaml.StreamEndEvent:
                return found
            if kind is yaml.DocumentStartEvent:
                self.anchors = {}
                self.has_tags = False
                self.values = 1
                root = self.node(self.next(), None, 0)
                resets: list[Path] = []
                if self.has_tags:
                    root = _strip(root, (), resets) or Node(None, root.mark)
                found.append(Document(root, tuple(resets), self.endless))

    def node(self, event: Any, key: Mark | None, depth: int) -> Node:
        kind = type(event)
        if kind is yaml.AliasEvent:
            return self.alias(event, key)
        self.written += 1
        anchor = event.anchor
        before = self.written + self.expanded
        if anchor is not None:
            self.anchors[anchor] = _UNFINISHED
        if kind is yaml.ScalarEvent:
            node = Node(self.scalar(event), event.start_mark, key)
            if type(node.value) is float and not math.isfinite(node.value):
                self.endless = True
            self.written += len(event.value) // LONG
        else:
            if depth > DEEPEST:
                raise _RefusedError(
                    "yaml-too-deep", f"nested more than {DEEPEST} levels deep", _at(self.name, event.start_mark)
                )
            value = self.mapping(depth + 1) if kind is yaml.MappingStartEvent else self.sequence(depth + 1)
            node = Node(value, event.start_mark, key)
        if anchor is not None:
            self.anchors[anchor] = (node, self.written + self.expanded - before + 1)
        return self.tag(node, event.tag) if event.tag is not None and event.tag[:1] == "!" else node

    def tag(self, node: Node, tag: str) -> Node:
        if tag == "!reset":
            self.has_tags = True
            return _Reset(None, node.mark, node.key)
        if tag == "!override":
            self.has_tags = True
            return _Override(node, node.mark, node.key)
        return node

    def scalar(self, event: Any) -> Any:
        tag = event.tag
        if tag is None or tag == "!":
            return event.value if event.style or tag else resolve(event.value)
        try:
            return tagged(tag, event.value)
        except ValueError as error:
            self.report.error("yaml-tag", str(error), _at(self.name, event.start_mark))
            return event.value

    def alias(self, event: Any, key: Mark | None) -> Node:
        where = _at(self.name, event.start_mark)
        if event.anchor not in self.anchors:
            raise _RefusedError("yaml-alias", f"unknown anchor '{event.anchor}' referenced", where)
        node, size = self.anchors[event.anchor]
        if node is None:
            raise _RefusedError("yaml-cycle", f"anchor '{event.anchor}' contains itself", where)
        self.expanded += size
        if self.expanded > EXPANSION:
            raise _RefusedError(
                "yaml-alias-bomb",
                f"aliases expand to more than {EXPANSION:,} values",
                where,
                "anchors that refer to anchors multiply: write the values out, or use extends",
            )
        return node._replace(key=key)

    def sequence(self, depth: int) -> list[Node]:
        items: list[Node] = []
        while True:
            event = self.next()
            if type(event) is yaml.SequenceEndEvent:
                return items
            self.count(event)
            items.append(self.node(event, None, depth))

    def count(self, event: Any) -> None:
        """One value more."""
        self.values += 1
        if self.values > VALUES:
            raise _RefusedError(
                "yaml-too-large",
                f"more than {VALUES:,} values in one document",
                _at(self.name, event.start_mark),
                "split it: several files can be loaded together, with -f or include",
            )

    def mapping(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        merged: Node | None = None
        while True:
            event = self.next()
            kind = type(event)
            if kind is yaml.MappingEndEvent:
                break
            mark = event.start_mark
            if kind is yaml.ScalarEvent and event.anchor is None and event.tag is None:
                name = event.value if event.style else resolve(event.value)
            else:
                name = self.node(event, mark, depth).value
            if type(name) is str:
                self.written += len(name) // LONG
            self.count(event)
            child = self.node(self.next(), mark, depth)
            if name == "<<" and kind is yaml.ScalarEvent and not event.style:
                if merged is not None:
                    self.duplicate("<<", mark, merged)
                merged = child
            elif type(name) is not str:
                self.report.error(
                    "yaml-key",
                    f"non-string key: {_shown(name)}",
                    _at(self.name, mark),
                    "keys are plain text" if type(name) in (dict, list) else f'quote it: "{_shown(name)}"',
                )
            elif name in entries:
                self.duplicate(name, mark, entries[name])
            else:
                entries[name] = child
        if merged is not None:
            self.merge(entries, merged)
        return entries

    def duplicate(self, name: str, mark: Mark, first: Node) -> None:
        line = first.key.line + 1 if first.key else 0
        self.report.error(
            "yaml-duplicate-key",
            f"key '{name}' is already defined at line {line}",
            _at(self.name, mark),
            "remove one of the two, or put them together",
        )

    def merge(self, entries: dict[str, Node], merged: Node) -> None:
        """A merge key fills in what the mapping itself does not say; of a list, the first wins."""
        sources = merged.value if type(merged.value) is list else [merged]
        for source in sources:
            if type(source.value) is not dict:
                raise _RefusedError("yaml-merge", "a merge key takes a mapping or a list of mappings", source.span)
            for name, child in source.value.items():
                own = entries.get(name)
                if own is None:
                    entries[name] = child
                elif type(own) is _Reset and own.value is None:
                    # go-yaml drops the tagged key before it merges, so what it hid comes back.
                    entries[name] = own._replace(value=child)


def _strip(node: Node, path: Path, resets: list[Path]) -> Node | None:
    """The tree without its `!reset` and `!override` tags, whose paths are noted."""
    if type(node) is _Reset:
        resets.append(path)
        return _strip(node.value, path, resets) if node.value is not None else None
    if type(node) is _Override:
        resets.append(path)
        inner: Node = node.value
        return _strip(inner._replace(key=node.key), path, [])
    value = node.value
    if type(value) is dict:
        stripped = ((name, _strip(child, (*path, name), resets)) for name, child in value.items())
        return node._replace(value={name: child for name, child in stripped if child is not None})
    if type(value) is list:
        items = (_strip(child, (*path, index), resets) for index, child in enumerate(value))
        return node._replace(value=[child for child in items if child is not None])
    return node


def _at(name: str, mark: Mark | None) -> Span:
    return Span(name, mark.line + 1, mark.column + 1) if mark else Span(name, 1, 1)


def _offset(name: str, content: bytes, error: Any) -> Span:
    before = content[: error.position]
    return Span(name, before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1)


_KINDS: dict[type, str] = {dict: "a mapping", list: "a list", type(None): "null"}


def _shown(name: object) -> str:
    """A key that is not text, as the file writes it."""
    return _KINDS.get(type(name)) or (str(name).lower() if type(name) is bool else str(name))


_HINTS = {
    "found character that cannot start any token": "YAML does not allow tabs for indentation, nor a value"
    " that starts with @ or `: use spaces, or quotes",
    "mapping values are not allowed": "check the indentation, and quote a value that contains ': '",
    "did not find expected key": "check the indentation and the quotes of the lines above",
    "could not find expected ':'": "a key without ':', or a value on the wrong line",
    "found unexpected end of stream": "what begins here is never closed",
    "found undefined tag handle": "only !reset, !override and the standard tags (!!str …) are known",
}


def _syntax_hint(problem: str) -> str:
    return next((hint for part, hint in _HINTS.items() if part in problem), "")
