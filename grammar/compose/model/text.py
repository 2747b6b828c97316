"""The model as text: every value that is set, one per line, indented by nesting.

For goldens, debugging and reading: `str` of a frozen dataclass is one endless line. Shows the typed
value (`30s` is a Duration), not YAML.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from stackferry.grammar.compose.syntax.units import Bytes, Duration, FileMode, Float32


def describe(value: Any) -> str:
    """The text form of a model value: `Project`, `Service` or any of their parts."""
    if not (dataclasses.is_dataclass(value) or isinstance(value, Mapping | tuple | list)):
        return f"{_scalar(value)}\n"
    return "".join(f"{line}\n" for line in _lines(value))


def _lines(value: Any) -> Iterator[str]:
    if dataclasses.is_dataclass(value):
        # A record may inherit the extensions of another record, which then are not its last field.
        for entry in sorted(dataclasses.fields(value), key=lambda one: one.name == "extensions"):
            inner = getattr(value, entry.name)
            if not _is_unset(inner, entry):
                yield from _entry(entry.name, inner)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _entry(_name(str(name)), inner)
    else:
        for index, inner in enumerate(value):
            yield from _entry(f"[{index}]", inner)


def _entry(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, tuple) and not any(dataclasses.is_dataclass(inner) for inner in value):
        yield f"{name} = {list(value)!r}"
    elif dataclasses.is_dataclass(value) or (isinstance(value, Mapping | tuple | list) and value):
        kind = f" {type(value).__name__}" if dataclasses.is_dataclass(value) else ""
        yield f"{name}:{kind}"
        for line in _lines(value):
            yield f"  {line}"
    else:
        yield f"{name} = {_scalar(value)}"


def _name(name: str) -> str:
    """A name that the user chose; a label's name may contain line breaks."""
    return name if name.isprintable() else repr(name)


def _scalar(value: Any) -> str:
    if isinstance(value, Duration | FileMode | Float32):
        return str(value)
    if isinstance(value, Bytes):
        return f"{int(value)} bytes"
    return repr(value)


def _is_unset(value: Any, entry: "dataclasses.Field[Any]") -> bool:
    if entry.default_factory is not dataclasses.MISSING:
        return not value
    return entry.default is not dataclasses.MISSING and value == entry.default and type(value) is type(entry.default)
