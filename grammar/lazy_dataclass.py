"""The standard library's `dataclass`, except that each method is made when it is first used.

The standard decorator writes and compiles five methods for every imported class: half a millisecond a
class, and a command uses some forty of two hundred classes. Here a class has its slots at once; its first instance
adds `__init__`, the first comparison `__eq__`, and so on. Otherwise it works like the standard decorator: `fields`,
`replace`, `is_dataclass`, patterns, copies and pickles work, and type checkers see no difference.

Every part of the program uses it. Not supported, because nothing needs it: classes without slots, `order`, `kw_only`,
`InitVar`, and `field(hash=…)`.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError
from dataclasses import dataclass as standard
from typing import TYPE_CHECKING, Any, cast

__all__ = ["complete", "dataclass"]

_OWN = "__lazy_dataclass__"
"""The class attribute that holds the fields a class adds to those of its bases, with their defaults."""

Defaults = Mapping[str, Any]
"""Defaults by field name: a value, a `Field` with a factory, or MISSING."""


def _lazily(*, frozen: bool = False, slots: bool, **wanted: bool) -> Callable[[type], type]:
    """The decorator, with those standard options that are in use here: also `init`, `repr` and `eq`."""
    if not slots:
        raise TypeError("a lazy dataclass has slots")
    methods = [f"__{name}__" for name in ("init", "repr", "eq") if wanted.get(name, True)]
    if frozen and "__eq__" in methods:
        methods.append("__hash__")

    def decorate(cls: type) -> type:
        body = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
        # From 3.14 on, annotations are made when they are asked for.
        kinds = body.get("__annotations__") or (cls.__annotations__ if sys.version_info >= (3, 14) else {})
        own = {name: body.pop(name, MISSING) for name in _fields_of(kinds)}
        inherited = {name for base in cls.__mro__[1:] for name in vars(base).get(_OWN, ())}
        has_own_hash = body.get("__hash__") is not None
        body |= {
            _OWN: own,
            "__annotations__": dict(kinds),
            "__slots__": tuple(name for name in own if name not in inherited),
        }
        body |= {name: _Method() for name in methods if name not in body or (name == "__hash__" and not has_own_hash)}
        body |= {"__dataclass_fields__": _Described(), "__dataclass_params__": _Described()}
        body |= _FROZEN if frozen else {}
        made: Any = type(cls)(cls.__name__, cls.__bases__, body)
        made.__qualname__ = cls.__qualname__
        words = tuple(name for name, default in _defaults(made).items() if _is(default, "init"))
        type.__setattr__(made, "__match_args__", words)
        return cast("type", made)

    return decorate


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _lazily


def _fields_of(kinds: Mapping[str, Any]) -> Iterator[str]:
    for name, kind in kinds.items():
        if not str(kind).startswith(("ClassVar", "typing.ClassVar")):
            yield name


def _defaults(cls: type) -> dict[str, Any]:
    """All fields of a class; those of its bases come first."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        found |= vars(base).get(_OWN, {})
    return found


def _kinds(cls: type) -> dict[str, Any]:
    """The annotations of a class's fields."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        found |= {name: vars(base)["__annotations__"][name] for name in vars(base).get(_OWN, ())}
    return found


def _is(default: Any, option: str) -> bool:
    """Whether a field takes part in `init`, `repr` or `compare`; true unless the field says otherwise."""
    return bool(getattr(default, option)) if isinstance(default, Field) else True


class _Method:
    """A placeholder that is replaced in the class by the real method when it is first looked up."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner, self.name = owner, name

    def __get__(self, instance: object, kind: type | None = None) -> Any:
        method = _MAKERS[self.name](self.owner, _defaults(self.owner))
        method.__name__, method.__qualname__ = self.name, f"{self.owner.__qualname__}.{self.name}"
        method.__module__ = self.owner.__module__
        setattr(self.owner, self.name, method)
        return method.__get__(instance, kind)


class _Described:
    """The attributes that the standard library keeps on its dataclasses and reads from there; made on first access."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner, self.name = owner, name

    def __get__(self, instance: object, kind: type | None = None) -> Any:
        owner = self.owner
        given = {name: default for name, default in _defaults(owner).items() if default is not MISSING}
        body = {
            **given,
            "__annotations__": _kinds(owner),
            "__module__": owner.__module__,
            "__doc__": owner.__doc__ or "",
        }
        # Whether it is frozen makes no difference to the fields, and a frozen class takes four times as long.
        is_frozen = self.name == "__dataclass_params__" and "__setattr__" in vars(owner)
        twin: type = standard(init=False, repr=False, eq=False, frozen=is_frozen)(type(owner.__name__, (), body))
        setattr(owner, self.name, vars(twin)[self.name])
        return getattr(owner, self.name)


def complete(cls: type) -> None:
    """Make all methods that a class still lacks; does nothing for other classes."""
    for name, value in list(vars(cls).items()):
        if isinstance(value, _Method | _Described):
            getattr(cls, name)


class _Absent:
    """The default of a parameter whose value a factory makes, as signatures show it."""

    def __repr__(self) -> str:
        return "<factory>"


_ABSENT = _Absent()


def _init(cls: type, defaults: Defaults) -> Any:
    known: dict[str, Any] = {"_put": object.__setattr__, "_absent": _ABSENT}
    parameters, lines = ["self"], []
    is_frozen = "__setattr__" in vars(cls)
    for name, default in defaults.items():
        value, plain = name, default
        factory: Any = MISSING
        if isinstance(default, Field):
            plain, factory = default.default, default.default_factory
        known |= {f"_new_{name}": factory, f"_else_{name}": plain}
        if not _is(default, "init"):
            value = f"_else_{name}" if factory is MISSING else f"_new_{name}()"
        elif factory is not MISSING:
            parameters.append(f"{name}=_absent")
            value = f"_new_{name}() if {name} is _absent else {name}"
        else:
            parameters.append(name if plain is MISSING else f"{name}=_else_{name}")
        lines.append(f"_put(self, {name!r}, {value})" if is_frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    method = _compiled(f"def method({', '.join(parameters)}):\n " + ("\n ".join(lines) or "pass"), known)
    kinds = {name: kind for name, kind in _kinds(cls).items() if _is(defaults[name], "init")}
    method.__annotations__ = {**kinds, "return": None}
    return method


def _repr(_: type, defaults: Defaults) -> Any:
    said = ", ".join(f"{name}={{self.{name}!r}}" for name, default in defaults.items() if _is(default, "repr"))
    return _compiled(f"def method(self):\n return f'{{self.__class__.__qualname__}}({said})'")


def _eq(_: type, defaults: Defaults) -> Any:
    ours, theirs = _values("self", defaults), _values("other", defaults)
    return _compiled(
        f"def method(self, other):\n return {ours} == {theirs} if other.__class__ is self.__class__ else NotImplemented"
    )


def _hash(_: type, defaults: Defaults) -> Any:
    return _compiled(f"def method(self):\n return hash({_values('self', defaults)})")


_MAKERS: Mapping[str, Callable[[type, Defaults], Any]] = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _eq,
    "__hash__": _hash,
}


def _values(name: str, defaults: Defaults) -> str:
    compared = [each for each, default in defaults.items() if _is(default, "compare")]
    return "(" + "".join(f"{name}.{each}, " for each in compared) + ")"


def _compiled(text: str, known: dict[str, Any] | None = None) -> Any:
    known = known or {}
    exec(text, known)  # noqa: S102 - of names of fields alone, as the standard library does
    return known["method"]


def _refuse_change(self: object, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_removal(self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: object) -> list[object]:
    return [getattr(self, name) for name in _defaults(type(self))]


def _restore(self: object, state: list[object]) -> None:
    for name, value in zip(_defaults(type(self)), state, strict=True):
        object.__setattr__(self, name, value)


_FROZEN = {
    "__setattr__": _refuse_change,
    "__delattr__": _refuse_removal,
    "__getstate__": _state,
    "__setstate__": _restore,
}
