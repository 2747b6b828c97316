"""Reads a `.hadolint.yaml` as hadolint does: YAML 1.2, its keys, and the errors it reports.

Pure. `hadolint_config.py` makes a configuration from it, `migrate.py` a file of ours. Behaviour measured on hadolint
2.15.1: an unknown key is silently ignored; one value of the wrong type, or a duplicate key, and the whole
file is ignored.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from stackferry.grammar.lint.config.config import Notice
from stackferry.grammar.lint.settings import LABEL_TYPES
from stackferry.grammar.regex import regex
from stackferry.grammar.source import Span
from stackferry.grammar.suggest import did_you_mean

Node = Any
"""A node of `yaml.compose`, which has no type annotations."""

THRESHOLDS = ("error", "warning", "info", "style", "ignore", "none")
FORMATS = (
    *("tty", "json", "checkstyle", "codeclimate", "gitlab_codeclimate", "gnu", "codacy", "sonarqube", "sarif"),
    "junit",
)


class HadolintKeys(NamedTuple):
    """The settings in a file, or in HADOLINT_* variables; None or empty if not set.

    `override` maps a severity to ids. `places` has the line and column of keys, and of ids under their key:
    `("ignored", "DL3008")`.
    """

    failure_threshold: str | None = None
    format: str | None = None
    ignored: tuple[str, ...] = ()
    override: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    trusted_registries: tuple[str, ...] = ()
    label_schema: Mapping[str, str] = MappingProxyType({})
    strict_labels: bool | None = None
    disable_ignore_pragma: bool | None = None
    no_fail: bool | None = None
    no_color: bool | None = None
    places: Mapping[tuple[str, ...], Span] = MappingProxyType({})
    notes: tuple[Notice, ...] = ()


class RefusedError(Exception):
    """hadolint cannot use the file, and runs as if it did not exist. `notice` has the reason."""

    def __init__(self, message: str, span: Span, hint: str = "") -> None:
        super().__init__(message)
        self.notice = Notice("hadolint-config", message, span, hint)


def read(text: str, path: str) -> HadolintKeys:
    """The keys of a file. Raises RefusedError if hadolint refuses it.

    An empty file sets nothing, although hadolint refuses it, too.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        document = yaml.compose(text.removeprefix("\ufeff"), Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(path, mark.line + 1, mark.column + 1) if mark else Span(path, 1, 1)
        raise RefusedError(f"not YAML: {error.problem or error.context}", span) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise RefusedError(f"not YAML: {str(error).splitlines()[0]}", Span(path, 1, 1)) from error
    reading = _Reading(path)
    if document is None or reading.kind(document) == "nothing":
        return HadolintKeys()
    return reading.keys(document)


_NULL = regex(r"null|Null|NULL|~|")
_FLAG = regex(r"true|True|TRUE|false|False|FALSE")
_NUMBER = regex(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_PLAIN = ((_NULL, "nothing"), (_FLAG, "true or false"), (_NUMBER, "a number"))


class _Reading:
    """Reads the nodes of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.places: dict[tuple[str, ...], Span] = {}
        self.notes: list[Notice] = []

    def keys(self, document: Node) -> HadolintKeys:
        read: dict[str, Any] = {}
        for key, node in self.entries(document, "the file", ()):
            if key not in KEYS:
                hint = did_you_mean(key, KEYS) or "hadolint ignores it silently"
                self.notes.append(Notice("unknown-key", f"unknown key {key!r}", self.places[key,], hint))
            elif self.kind(node) != "nothing":
                field, reader = KEYS[key]
                read[field] = reader(self, key, node)
        return HadolintKeys(**read, places=self.places, notes=tuple(self.notes))

    def span(self, node: Node) -> Span:
        return Span(self.path, node.start_mark.line + 1, node.start_mark.column + 1)

    def kind(self, node: Node) -> str:
        """The type of a node by the rules of YAML 1.2, where `yes` is text."""
        if not node.tag.startswith("tag:yaml.org,2002:"):
            return f"something tagged {node.tag}"
        if node.id != "scalar":
            return {"mapping": "a mapping", "sequence": "a list"}[node.id]
        if not node.style:  # plain, neither quoted nor a block
            for pattern, kind in _PLAIN:
                if pattern.fullmatch(node.value):
                    return kind
        return "a text"

    def of_kind(self, kind: str, what: str, node: Node) -> Node:
        found = self.kind(node)
        if found != kind:
            raise RefusedError(f"{what}: expected {kind}, got {found}", self.span(node), _HINTS.get((kind, found), ""))
        return node

    def entries(self, node: Node, what: str, above: tuple[str, ...]) -> list[tuple[str, Node]]:
        entries: dict[str, Node] = {}
        for key, value in self.of_kind("a mapping", what, node).value:
            name = str(key.value) if key.id == "scalar" else ""
            if name in entries:
                raise RefusedError(f"{what}: the key {name!r} is set twice", self.span(key), "keep one of them")
            entries[name] = value
            self.places[*above, name] = self.span(key)
        return list(entries.items())

    def flag(self, key: str, node: Node) -> bool:
        return str(self.of_kind("true or false", key, node).value).lower() == "true"

    def texts(self, key: str, node: Node, above: tuple[str, ...] = ()) -> tuple[str, ...]:
        texts = []
        for item in self.of_kind("a list", key, node).value:
            text = str(self.of_kind("a text", f"{key}, an item", item).value)
            self.places.setdefault((*above, key, text), self.span(item))
            texts.append(text)
        return tuple(texts)

    def one_of(self, key: str, node: Node, allowed: tuple[str, ...]) -> str:
        text = str(self.of_kind("a text", key, node).value)
        if text not in allowed:
            hint = did_you_mean(text, allowed)
            raise RefusedError(f"{key}: {text!r} is not one of {', '.join(allowed)}", self.span(node), hint)
        return text

    def override(self, key: str, node: Node) -> dict[str, tuple[str, ...]]:
        found = {}
        for severity, ids in self.entries(node, key, (key,)):
            if severity not in ("error", "warning", "info", "style"):
                self.unknown(key, severity)
            elif self.kind(ids) != "nothing":
                found[severity] = self.texts(severity, ids, (key,))
        return found

    def unknown(self, key: str, severity: str) -> None:
        hint = "to turn rules off, list them under `ignored`" if severity == "ignore" else ""
        message = f"unknown key {severity!r} in {key}"
        self.notes.append(Notice("unknown-key", message, self.places[key, severity], hint))

    def labels(self, key: str, node: Node) -> dict[str, str]:
        return {
            label: self.one_of(f"{key}.{label}", kind, (*LABEL_TYPES, "")) or "text"  # an empty type is any text
            for label, kind in self.entries(node, key, (key,))
        }


_HINTS = {
    ("a list", "a text"): "write it as a list: [ ]",
    ("true or false", "a text"): "write true or false, without quotes; hadolint does not accept yes and no",
}

KEYS: Mapping[str, tuple[str, Callable[[_Reading, str, Node], Any]]] = {
    # key: (field of `HadolintKeys`, its reader)
    "failure-threshold": ("failure_threshold", lambda reading, key, node: reading.one_of(key, node, THRESHOLDS)),
    "format": ("format", lambda reading, key, node: reading.one_of(key, node, FORMATS)),
    "ignored": ("ignored", _Reading.texts),
    "override": ("override", _Reading.override),
    "trustedRegistries": ("trusted_registries", _Reading.texts),
    "label-schema": ("label_schema", _Reading.labels),
    "strict-labels": ("strict_labels", _Reading.flag),
    "disable-ignore-pragma": ("disable_ignore_pragma", _Reading.flag),
    "no-fail": ("no_fail", _Reading.flag),
    "no-color": ("no_color", _Reading.flag),
}
