"""Values as Go's templates see them: their truth, how they are printed, their fields.

Data consists of mappings, lists and tuples, text, numbers, booleans, None, and dataclasses, whose fields
and properties are looked up by name. A function in a mapping is a method: it takes the arguments.
"""

import dataclasses
from collections.abc import Mapping
from enum import Enum
from typing import Any

from stackferry.grammar.go_format import float_text

NO_VALUE = "<no value>"


class Missing(Exception):  # noqa: N818 - a signal, not an error: `evaluate.py` says where and what
    """There is no such field or key."""


def fields_of(value: Any) -> dict[str, Any]:
    """The fields of a dataclass, in its order."""
    return {one.name: getattr(value, one.name) for one in dataclasses.fields(value) if not one.name.startswith("_")}


def look_up(value: Any, name: str) -> Any:
    """The field or key of a value; raises Missing."""
    if isinstance(value, Mapping):
        if name in value:
            return value[name]
        raise Missing(f'map has no entry for key "{name}"')
    if is_record(value) and not name.startswith("_"):
        if any(one.name == name for one in dataclasses.fields(value)):
            return getattr(value, name)
        if isinstance(getattr(type(value), name, None), property):
            return getattr(value, name)
    if value is None:
        raise Missing(f"nil has no field {name}")
    raise Missing(f"can't evaluate field {name} in {type_name(value)}")


def is_record(value: Any) -> bool:
    """Whether it is a dataclass instance."""
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def is_true(value: Any) -> bool:
    """Whether Go counts it as true: not empty, not zero."""
    return True if is_record(value) else bool(value)


def type_name(value: Any) -> str:
    """The name of a value's type in messages and for `%T`."""
    if value is None:
        return "<nil>"
    if is_record(value):
        return f"template.{type(value).__name__}"
    if isinstance(value, Mapping):
        return "map[string]interface {}"
    names = {bool: "bool", int: "int", float: "float64", str: "string"}
    found = next((names[kind] for kind in type(value).__mro__ if kind in names), "")
    return found or ("[]interface {}" if isinstance(value, list | tuple) else type(value).__name__)


def shown(value: Any) -> str:
    """A value as an action prints it."""
    return NO_VALUE if value is None else printed(value)


def printed(value: Any) -> str:
    """A value as `%v` prints it."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return printed(value.value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, Mapping):
        keys = sorted(value, key=str)
        return f"map[{' '.join(f'{printed(key)}:{printed(value[key])}' for key in keys)}]"
    if is_record(value):
        return f"{{{' '.join(printed(one) for one in fields_of(value).values())}}}"
    if isinstance(value, list | tuple | set | frozenset):
        return f"[{' '.join(map(printed, value))}]"
    return str(value)
