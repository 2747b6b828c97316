"""Makes the model from the typed tree, field by field: field names are keys, annotations give the types.

The last phase; it runs when `Loaded.project` is first used. Nothing is parsed here, and nothing can
fail: every value has its type already, or is text that becomes a term (`compose/model/terms.py`). One small constructor
is made per record type and kept.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar

from stackferry.grammar.compose.model import model
from stackferry.grammar.compose.model.job import Job
from stackferry.grammar.compose.model.terms import TERMS
from stackferry.grammar.compose.phases.codec import Extension
from stackferry.grammar.compose.tree.node import Node, lift, plain

Make = Callable[[Node], Any]
Made = TypeVar("Made")


class Disabled(NamedTuple):
    """The services and jobs that no profile enables."""

    services: Mapping[str, Node]
    jobs: Mapping[str, Node]


def assemble(
    tree: Node, disabled: Disabled, name: str, directory: str, environment: Mapping[str, str]
) -> model.Project:
    """The project made from a typed tree (`compose/phases/typed.py`) and the disabled services and jobs."""
    entries: dict[str, Any] = {}
    hints = _hints(model.Project)
    extensions: dict[str, Any] = {}
    for key, child in tree.value.items():
        if type(child) is Extension:
            extensions[key] = plain(child)
        elif key in hints and key not in ("services", "jobs", "name"):
            entries[key] = _make(hints[key])(child)
    return model.Project(
        name=name,
        directory=directory,
        services=_named(model.Service, tree.get("services")),
        disabled=_named(model.Service, Node(disabled.services)),
        jobs=_named(Job, tree.get("jobs")),
        disabled_jobs=_named(Job, Node(disabled.jobs)),
        environment=environment,
        extensions=extensions,
        **entries,
    )


def record(kind: type[Made], values: Mapping[str, Any]) -> Made:
    """One record of the model from its fields in long syntax: for values that come from a flag, not from a file."""
    return typing.cast(Made, _record(typing.cast(Hashable, kind))(lift(dict(values))))


def _named(record: type, section: Node | None) -> dict[str, Any]:
    """The entries of a section, each with its key as its name."""
    make = _record(record)
    return {name: make(node, name=name) for name, node in section.value.items()} if section is not None else {}


@cache
def _hints(record: type) -> dict[str, Any]:
    return typing.get_type_hints(record)


@cache
def _record(record: type) -> Callable[..., Any]:
    """A constructor of one record type; keyword arguments are passed on."""
    makers = {name: _make(hint) for name, hint in _hints(record).items() if name != "extensions"}
    has_extensions = any(entry.name == "extensions" for entry in dataclasses.fields(record))

    def make(node: Node, **said: Any) -> Any:
        if type(node.value) is not dict:
            # Only a ulimit may be a scalar: one number for both limits.
            return record(single=node.value)
        extensions: dict[str, Any] = {}
        for key, child in node.value.items():
            maker = makers.get(key)
            if maker is not None:
                said[key] = maker(child)
            elif type(child) is Extension:
                extensions[key] = plain(child)
        if extensions and has_extensions:
            said["extensions"] = extensions
        return record(**said)

    return make


@cache
def _make(hint: Any) -> Make:
    """A constructor for a field's annotation."""
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        inner = _make(next(one for one in arguments if one is not type(None)))
        return lambda node: None if node.value is None else inner(node)
    if origin is tuple:
        item = _make(arguments[0])
        return lambda node: tuple([item(child) for child in node.value])
    if origin is Mapping:
        value = _make(arguments[1])
        return lambda node: {name: value(child) for name, child in node.value.items()}
    if hint in TERMS:
        return lambda node: hint(node.value)
    if dataclasses.is_dataclass(hint):
        return _record(typing.cast(type, hint))
    return lambda node: node.value
