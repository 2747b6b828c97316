"""Our `dataclass` against the standard one: the same classes made by both behave the same."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, field
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from stackferry.grammar.lazy_dataclass import dataclass as lazy

Kind = TypeVar("Kind")
Decorator = Callable[..., Callable[[type], type]]


def shapes(dataclass: Decorator) -> dict[str, type]:
    """Classes of every kind that the project has."""

    @dataclass(frozen=True, slots=True)
    class Point:
        """Two."""

        x: int
        y: int = 2

        def moved(self) -> "Point":
            return dataclasses.replace(self, x=self.x + 1)

    @dataclass(frozen=True, slots=True)
    class Named(Point):
        """With more, and a default that replaces one."""

        y: int = 3
        name: str = "n"
        tags: tuple[str, ...] = field(default_factory=tuple)

    @dataclass(slots=True)
    class Box(Generic[Kind]):
        """One that changes."""

        kind: ClassVar[str] = "box"
        x: Kind
        secret: bytes = field(default=b"", repr=False)
        place: str = field(default="", compare=False)
        seen: list[int] = field(default_factory=list, init=False)
        count: int = field(default=0, init=False)

    @dataclass(slots=True)
    class After:
        """One that looks at what it was given."""

        x: int

        def __post_init__(self) -> None:
            self.x += 1

    @dataclass(frozen=True, slots=True, eq=False)
    class Alone:
        """Equal to itself alone."""

        x: int = 1

    @dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)
    class Bare:
        """With nothing but its fields."""

        x: int = 1

    @dataclass(frozen=True, slots=True)
    class Hashed:
        """With methods of its own."""

        x: int

        def __hash__(self) -> int:
            return 5

        def __repr__(self) -> str:
            return "own"

    @dataclass(frozen=True, slots=True)
    class Empty:
        """Nothing at all."""

    return {kind.__name__: kind for kind in (Point, Named, Box, After, Alone, Bare, Hashed, Empty)}


STANDARD, LAZY = shapes(dataclasses.dataclass), shapes(lazy)

CALLS: tuple[tuple[str, tuple[Any, ...], dict[str, Any]], ...] = (
    ("Point", (1,), {}),
    ("Point", (1, 5), {}),
    ("Point", (), {}),
    ("Point", (1, 2, 3), {}),
    ("Point", (), {"y": 1, "x": 4}),
    ("Point", (1,), {"z": 1}),
    ("Named", (1,), {"tags": ("a",)}),
    ("Named", (1, 2, "m"), {}),
    ("Box", (1,), {}),
    ("Box", (1, b"hidden", "there"), {}),
    ("Box", (1,), {"seen": []}),
    ("After", (1,), {}),
    ("Alone", (), {}),
    ("Hashed", (1,), {}),
    ("Empty", (), {}),
)


def said(of: dict[str, type], name: str, words: tuple[Any, ...], named: dict[str, Any]) -> Iterator[object]:
    """What instances of a class do."""
    kind: Any = of[name]

    def tried(what: Callable[[], Any]) -> object:
        try:
            return what()
        except (TypeError, AttributeError) as error:
            # CPython names a function in full where it has a place.
            return type(error), str(error).rpartition(".")[2]

    instance, other = tried(lambda: kind(*words, **named)), tried(lambda: kind(*words, **named))
    if isinstance(instance, tuple):
        yield instance
        return
    yield repr(instance).rpartition(".")[2]
    yield instance == other, instance != other, instance == 5, instance == instance
    yield tried(lambda: hash(instance) == hash(other))
    yield tried(lambda: hash(instance)) if name in ("Point", "Named", "Hashed", "Empty") else None
    yield dataclasses.is_dataclass(instance), dataclasses.is_dataclass(kind)
    yield dataclasses.asdict(instance), dataclasses.astuple(instance)  # type: ignore[call-overload]
    yield [(each.name, each.type, each.init, each.repr, each.compare) for each in dataclasses.fields(kind)]
    yield kind.__match_args__, kind.__slots__, kind.__doc__, kind.__name__, kind.__qualname__
    yield kind.__dataclass_params__.frozen, hasattr(instance, "__dict__")
    yield str(inspect.signature(kind))
    yield repr(copy.copy(instance)) == repr(instance), repr(copy.deepcopy(instance)) == repr(instance)
    if name not in ("Alone", "Empty"):
        yield tried(lambda: repr(dataclasses.replace(instance, x=7)).rpartition(".")[2])  # type: ignore[type-var]
        yield tried(lambda: setattr(instance, "x", 9)), tried(lambda: delattr(instance, "x"))
        if not kind.__dataclass_params__.frozen:  # the standard one's words for that are of its own insides
            yield tried(lambda: setattr(instance, "unknown", 9))


@pytest.mark.parametrize(("name", "words", "named"), CALLS)
def test_they_do_the_same(name: str, words: tuple[Any, ...], named: dict[str, Any]) -> None:
    assert [*said(LAZY, name, words, named)] == [*said(STANDARD, name, words, named)]


def test_one_without_an_init_of_its_own() -> None:
    ours, theirs = LAZY["Bare"](), STANDARD["Bare"]()

    for instance in (ours, theirs):
        with pytest.raises(TypeError):
            type(instance)(1)  # type: ignore[call-arg]
        with pytest.raises(FrozenInstanceError):
            instance.x = 2  # type: ignore[attr-defined]
    assert [each.name for each in dataclasses.fields(ours)] == ["x"]  # type: ignore[arg-type]


def test_a_pattern_takes_it_apart() -> None:
    match LAZY["Named"](1, 2):
        case object(x=x, name=name):
            assert (x, name) == (1, "n")


def test_methods_call_each_other_and_are_made_once() -> None:
    point: Any = LAZY["Point"]

    assert point(1).moved() == point(2)
    assert vars(point)["__init__"] is point.__init__
    assert vars(point)["__eq__"] is point.__eq__


@lazy(frozen=True, slots=True)
class Kept:
    """One that a pickle finds by its name."""

    x: int
    y: tuple[int, ...] = ()


def test_it_is_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept(1, (2,)))) == Kept(1, (2,))


def test_nothing_is_made_before_it_is_needed() -> None:
    @lazy(frozen=True, slots=True)
    class Fresh:
        """One that nobody has used."""

        x: int = 1

    made = {name for name, what in vars(Fresh).items() if inspect.isfunction(what)}
    assert "__init__" not in made
    assert Fresh() == Fresh()
    made = {name for name, what in vars(Fresh).items() if inspect.isfunction(what)}
    assert {"__init__", "__eq__"} <= made
    assert "__hash__" not in made


def test_without_slots_it_is_refused() -> None:
    with pytest.raises(TypeError, match="slots"):
        lazy(slots=False)
