"""The tree of a Go template: what `parse.py` makes and `evaluate.py` walks.

Frozen values. `at` is the offset in the template's text, for messages.
"""

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text."""

    text: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant: text, number, true, false or nil."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Field:
    """`.A.B` of the current value; without names, `.` itself."""

    names: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name.A.B`; the name of `$` is empty."""

    name: str
    names: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Function:
    """A function by its name; the operands after it are its arguments."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Nested:
    """`(pipeline).A.B`."""

    pipeline: "Pipeline"
    names: tuple[str, ...]
    at: int


Operand = Literal | Field | Variable | Function | Nested


@dataclass(frozen=True, slots=True)
class Command:
    """One value, or a function with its arguments."""

    operands: "tuple[Operand, ...]"
    at: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands, each with the result of the previous one as its last argument; then the variables it is assigned to.

    `declares` tells `:=` from `=`.
    """

    commands: tuple[Command, ...]
    variables: tuple[str, ...]
    declares: bool
    at: int


@dataclass(frozen=True, slots=True)
class Output:
    """`{{pipeline}}`."""

    pipeline: Pipeline


@dataclass(frozen=True, slots=True)
class Block:
    """`{{if}}`, `{{with}}` or `{{range}}` (`kind`), to its `{{end}}`."""

    kind: str
    pipeline: Pipeline
    body: "tuple[Node, ...]"
    otherwise: "tuple[Node, ...]"


Node = Text | Output | Block
"""One piece of a template."""
