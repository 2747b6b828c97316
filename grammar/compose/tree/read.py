"""YAML text to trees of nodes: the second loading phase, after `compose/discover.py`.

libyaml parses events, this file composes nodes: every node keeps its position, anchors share one node, merge keys
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
from stackferry.grammar.compose.tree.syntax_error import DEEPEST, at, tell_of
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.key_path import Path
from stackferry.grammar.source import Span

try:
    from yaml._yaml import CParser as _Parser
except ImportError:  # PyYAML built without libyaml: slower, same events

    class _Parser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):  # type: ignore[no-redef]
        """The pure Python scanner and parser with the same two methods."""

        def __init__(self, stream: Any) -> None:
            yaml.reader.Reader.__init__(self, stream)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)


DIRECTIVES = 100
"""`%TAG` lines: real files have none, and libyaml compares each with all others."""

VALUES = 100_000
"""Most values of a document, keys not counted and an alias counted once: compose-go's own limit."""

EXPANSION = 200_000
"""Nodes that aliases may add to the written ones: far above any real file, and quick to walk."""


class Document(NamedTuple):
    """One YAML document. `resets` are the paths tagged `!reset` or `!override`.

    Values from earlier files at those paths are dropped before this document is merged. `endless` says whether a
    number in it is infinite or NaN.
    """

    root: Node
    resets: tuple[Path, ...]
    endless: bool = False


def read(name: str, content: bytes, report: Diagnostics) -> list[Document]:
    """All documents of one file, in order; problems go to `report`, and a syntax error ends the reading."""
    if content.count(b"%TAG") > DIRECTIVES and len(_DIRECTIVE.findall(content)) > DIRECTIVES:
        report.error("yaml-syntax", f"more than {DIRECTIVES} tag directives", Span(name, 1, 1))
        return []
    stream = io.BytesIO(content)
    stream.name = name
    try:
        return _Composer(_Parser(stream), name, report, any(letter in content for letter in _ODD)).documents()
    except yaml.MarkedYAMLError as error:
        tell_of(error, name, content, report, _Parser)
    except yaml.reader.ReaderError as error:
        report.error("yaml-encoding", f"not valid UTF-8: {error.reason}", _offset(name, content, error))
    except _RefusedError as refused:
        report.error(refused.code, refused.message, refused.span, refused.hint)
    return []


class _Reset(Node):
    """A node tagged `!reset`; `value` is the node that a merge key would put here, or None."""

    __slots__ = ()


class _Override(Node):
    """A node tagged `!override`; `value` is the node itself."""

    __slots__ = ()


class _RefusedError(Exception):
    """Input that is not worth reading on."""

    def __init__(self, code: str, message: str, span: Span | None, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.span, self.hint = code, message, span, hint


_ODD = (b"\xc2\xa0", b"\xc2\xab", b"\xe2\x80", b"\xe2\x81\xa0", b"\xe3\x80\x80", b"\xef\xbb\xbf")
"""Bytes that begin characters of `letters.py`: only files with these bytes are searched for such characters."""
_UNFINISHED = (None, 0)
_DIRECTIVE = re.compile(rb"^%TAG", re.MULTILINE)


class _Composer:
    """Events to nodes, one document after another."""

    def __init__(self, parser: Any, name: str, report: Diagnostics, odd: bool) -> None:
        self.next = parser.get_event
        self.name = name
        self.report = report
        self.anchors: dict[str, tuple[Node | None, int]] = {}
        self.written = 0
        self.expanded = 0
        self.has_tags = False
        self.odd = odd
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
                    "yaml-too-deep", f"nested more than {DEEPEST} levels deep", at(self.name, event.start_mark)
                )
            value = self.mapping(depth + 1) if kind is yaml.MappingStartEvent else self.sequence(depth + 1)
            node = Node(value, event.start_mark, key)
        if event.tag is not None and event.tag[:1] == "!":
            node = self.tag(node, event.tag)
        if anchor is not None:
            self.anchors[anchor] = (node, self.written + self.expanded - before + 1)
        return node

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
        if self.odd and not event.style:
            self.warn_of_letters(event)
        if tag is None or tag == "!":
            return event.value if event.style or tag else resolve(event.value)
        try:
            return tagged(tag, event.value)
        except ValueError as error:
            self.report.error("yaml-tag", str(error), at(self.name, event.start_mark))
            return event.value

    def warn_of_letters(self, event: Any) -> None:
        """Warn of text in odd quotes, or with an odd blank at its end."""
        from stackferry.grammar.compose.tree.letters import BLANKS, is_in_odd_quotes, straight, what_letter

        text, span = event.value, at(self.name, event.start_mark)
        if is_in_odd_quotes(text):
            message = f"{what_letter(text[0])} is not a quote in YAML: it becomes part of the text"
            self.report.warning("odd-quote", message, span, f"use straight quotes: {straight(text)}")
        elif BLANKS.match(text[:1]) or BLANKS.match(text[-1:]):
            letter = text[0] if BLANKS.match(text[0]) else text[-1]
            message = f"{what_letter(letter)} is not a space in YAML: it becomes part of the text"
            self.report.warning("odd-blank", message, span, "replace it with a plain space, or remove it")

    def alias(self, event: Any, key: Mark | None) -> Node:
        where = at(self.name, event.start_mark)
        if event.anchor not in self.anchors:
            hint = self.report.did_you_mean(event.anchor, self.anchors) or "define the anchor (&name) above its aliases"
            raise _RefusedError("yaml-alias", f"unknown anchor '{event.anchor}' referenced", where, hint)
        node, size = self.anchors[event.anchor]
        if node is None:
            raise _RefusedError("yaml-cycle", f"anchor '{event.anchor}' contains itself", where)
        self.expanded += size
        if self.expanded > EXPANSION:
            raise _RefusedError(
                "yaml-alias-bomb",
                f"aliases expand to more than {EXPANSION:,} values",
                where,
                "anchors that refer to other anchors multiply: write the values out, or use extends",
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
        """Count one value."""
        self.values += 1
        if self.values > VALUES:
            raise _RefusedError(
                "yaml-too-large",
                f"more than {VALUES:,} values in one document",
                at(self.name, event.start_mark),
                "split it into several files, and load them together with -f or include",
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
                    at(self.name, mark),
                    _KEY_HINTS.get(type(name)) or _key_hint(_shown(name), child),
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
            at(self.name, mark),
            "remove one of them, or merge them",
        )

    def merge(self, entries: dict[str, Node], merged: Node) -> None:
        """Resolve a merge key: it adds keys that the mapping does not have; in a list, the first entry wins.

        As in Docker Compose, a tag on the merged value tags the mapping, and tags within a list have no effect.
        """
        if type(merged) in (_Reset, _Override):
            entries["<<"] = _Reset(None, merged.mark, merged.key)
            if type(merged) is _Reset:
                return
            merged = merged.value
        several = type(merged.value) is list
        for source in self.untagged(merged.value) if several else [merged]:
            if type(source.value) is not dict:
                said = type(source.value) is str and source.value in self.anchors
                hint = f"write an alias, which starts with *: <<: *{source.value}" if said else ""
                message = "a merge key takes a mapping or a list of mappings"
                raise _RefusedError("yaml-merge", message, source.span, hint)
            for name, child in source.value.items():
                own = entries.get(name)
                if own is None:
                    entries[name] = child
                elif type(own) is _Reset and own.value is None:
                    # go-yaml drops the tagged key before it merges, so the merged value that it hid reappears.
                    entries[name] = own._replace(value=child)

    def untagged(self, nodes: list[Node]) -> list[Node]:
        if not self.has_tags:
            return nodes
        return [left for left in (_strip(node, (), []) for node in nodes) if left is not None]


def _strip(node: Node, path: Path, resets: list[Path]) -> Node | None:
    """The tree without its `!reset` and `!override` tags, whose paths are added to `resets`."""
    if type(node) is _Reset:
        resets.append(path)
        return _strip(node.value, path, resets) if node.value is not None else None
    if type(node) is _Override:
        resets.append(path)
        inner: Node = node.value
        return _strip(inner._replace(key=node.key), path, [])
    value = node.value
    if type(value) is dict:
        # A tag under a merge key applies to the mapping itself.
        stripped = (
            (name, _strip(child, path if name == "<<" else (*path, name), resets)) for name, child in value.items()
        )
        return node._replace(value={name: child for name, child in stripped if child is not None})
    if type(value) is list:
        items = (_strip(child, (*path, index), resets) for index, child in enumerate(value))
        return node._replace(value=[child for child in items if child is not None])
    return node


def _offset(name: str, content: bytes, error: Any) -> Span:
    before = content[: error.position]
    return Span(name, before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1)


_KEY_HINTS: dict[type, str] = {
    dict: "in YAML, {{ starts a mapping used as a key: quote the value",
    list: "use plain text as the key",
}
_KINDS: dict[type, str] = {dict: "a mapping", list: "a list", type(None): "null"}


def _shown(name: object) -> str:
    """A key that is not text, as the file writes it."""
    return _KINDS.get(type(name)) or (str(name).lower() if type(name) is bool else str(name))


def _key_hint(key: str, child: Node) -> str:
    quote = f'quote it: "{key}"'
    short = type(child.value) in (int, str) and key.isdigit() and str(child.value)[:1].isdigit()
    return f"{quote}; or, for {key}:{child.value}, remove the space after the colon" if short else quote
