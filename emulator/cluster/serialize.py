"""Values to plain JSON data and back, by their type hints: how the store keeps specs, tasks and nodes.

Works for the frozen dataclasses of this package: enums by name, tuples and frozen sets as lists, mappings as
objects. Fields at their default are left out, so that values stored before a field existed can still be read.
`fingerprint` is a short name for a value: equal values have equal fingerprints. On containers it identifies their spec.
"""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any, Union, get_args, get_origin, get_type_hints

Convert = Callable[[Any], Any]


def encode(value: object) -> Any:
    """The plain data of a value."""
    kind: Any = type(value)
    if kind in (str, int, float, bool, types.NoneType):
        return value
    if is_dataclass(value):
        return {
            name: encode(found)
            for name, default in _defaults(kind)
            if (found := getattr(value, name)) is not default and found != default
        }
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(encode(item) for item in value)
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    raise TypeError(f"{kind.__name__} cannot be stored")


def decode(kind: Any, data: Any) -> Any:
    """The value of a type, from the data that `encode` made."""
    return _decoder(kind)(data)


@cache
def _defaults(kind: Any) -> tuple[tuple[str, object], ...]:
    found = []
    for field in fields(kind):
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        found.append((field.name, default))
    return tuple(found)


@cache
def _decoder(kind: Any) -> Convert:
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda name: kind[name]
    if origin in (Union, types.UnionType):
        return _union_decoder(arguments)
    if origin is tuple:
        return _tuple_decoder(arguments)
    if origin is frozenset:
        item = _decoder(arguments[0])
        return lambda data: frozenset(map(item, data))
    if origin is not None and issubclass(origin, Mapping):
        value = _decoder(arguments[1])
        return lambda data: {key: value(found) for key, found in data.items()}
    return lambda data: data


def _dataclass_decoder(kind: Any) -> Convert:
    hints = get_type_hints(kind)
    decoders: dict[str, Convert] = {}

    def convert(data: Any) -> Any:
        # Looked up on first use: a type may refer to itself.
        if not decoders:
            decoders.update({name: _decoder(hint) for name, hint in hints.items()})
        return kind(**{name: decoders[name](found) for name, found in data.items() if name in decoders})

    return convert


def _union_decoder(arguments: tuple[Any, ...]) -> Convert:
    kinds = [one for one in arguments if one is not types.NoneType]
    if len(kinds) > 1:
        return lambda data: data
    inner = _decoder(kinds[0])
    return lambda data: None if data is None else inner(data)


def _tuple_decoder(arguments: tuple[Any, ...]) -> Convert:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _decoder(arguments[0])
        return lambda data: tuple(map(item, data))
    items = [_decoder(one) for one in arguments]
    return lambda data: tuple(convert(found) for convert, found in zip(items, data, strict=True))


def fingerprint(value: object) -> str:
    """Twelve hexadecimal digits: a hash of the value's plain data."""
    text = json.dumps(encode(value), sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:12]
