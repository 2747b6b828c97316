"""Executes a template's tree on data, as Go does; the result is text.

Pure: data and functions are passed in, text is returned, and every failure is a TemplateError with its place.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.gotemplate.error import TemplateError
from stackferry.grammar.gotemplate.functions import FUNCTIONS, Function, call
from stackferry.grammar.gotemplate.parse import parse
from stackferry.grammar.gotemplate.tree import (
    Block,
    Command,
    Field,
    Literal,
    Nested,
    Node,
    Operand,
    Output,
    Pipeline,
    Text,
    Variable,
)
from stackferry.grammar.gotemplate.tree import Function as Name
from stackferry.grammar.gotemplate.value import Missing, is_true, look_up, shown, type_name

LONGEST_RESULT = 64 * 1024 * 1024
"""Most characters of a result."""

STEPS = 200_000
"""Most nodes that one rendering may execute: bounds nested loops over long lists."""

_LAZY = ("and", "or")
_NOTHING: Any = object()


def render(
    template: str, data: Any, functions: Mapping[str, Function] | None = None, *, missing_key_error: bool = True
) -> str:
    """`template` expanded with `data`; raises TemplateError and nothing else.

    `functions` are added to Go's and docker's, and win over them; they report errors by ValueError or
    StackferryError. Without `missing_key_error`, a missing key of a mapping gives `<no value>`.
    """
    if "{{" not in template:
        return template
    try:
        run = _Run(template, data, {**FUNCTIONS, **(functions or {})}, missing_key_error)
        run.nodes(parse(template), data)
    except RecursionError:
        raise TemplateError("nested too deeply", template, 0) from None
    return "".join(run.output)


class _Run:
    """One rendering."""

    def __init__(self, text: str, data: Any, functions: Mapping[str, Function], strict: bool) -> None:
        self.text = text
        self.functions = functions
        self.strict = strict
        self.output: list[str] = []
        self.size = 0
        self.steps = 0
        self.variables: list[tuple[str, Any]] = [("", data)]

    def error(self, problem: str, at: int, hint: str = "") -> TemplateError:
        return TemplateError(problem, self.text, at, hint)

    def nodes(self, nodes: Iterable[Node], dot: Any) -> None:
        mark = len(self.variables)
        for node in nodes:
            self.step()
            if isinstance(node, Text):
                self.write(node.text)
            elif isinstance(node, Output):
                value = self.pipeline(node.pipeline, dot)
                if not node.pipeline.variables:
                    self.write(shown(value))
            else:
                self.block(node, dot)
        del self.variables[mark:]

    def step(self) -> None:
        self.steps += 1
        if self.steps > STEPS:
            raise self.error(f"more than {STEPS} steps", 0, "avoid nested ranges over long lists")

    def write(self, text: str) -> None:
        self.size += len(text)
        if self.size > LONGEST_RESULT:
            raise self.error(f"the result has more than {LONGEST_RESULT} characters", 0)
        self.output.append(text)

    def block(self, block: Block, dot: Any) -> None:
        mark = len(self.variables)
        if block.kind == "range":
            self.loop(block, dot)
        else:
            value = self.pipeline(block.pipeline, dot)
            if is_true(value):
                self.nodes(block.body, value if block.kind == "with" else dot)
            else:
                self.nodes(block.otherwise, dot)
        del self.variables[mark:]

    def loop(self, block: Block, dot: Any) -> None:
        pipeline = block.pipeline
        value = self.commands(pipeline, dot)
        entries = self.entries(value, pipeline.at)
        for key, entry in entries:
            self.step()
            mark = len(self.variables)
            pairs = zip(pipeline.variables, (key, entry) if len(pipeline.variables) > 1 else (entry,), strict=False)
            for name, item in pairs:
                self.assign(name, item, declares=pipeline.declares, at=pipeline.at)
            self.nodes(block.body, entry)
            del self.variables[mark:]
        if not entries:
            self.nodes(block.otherwise, dot)

    def entries(self, value: Any, at: int) -> list[tuple[Any, Any]]:
        if value is None:
            return []
        if isinstance(value, Mapping):
            return [(key, value[key]) for key in sorted(value, key=str)]
        if isinstance(value, list | tuple):
            return list(enumerate(value))
        if isinstance(value, int) and not isinstance(value, bool):
            if value > STEPS:
                raise self.error(f"range over {value} is too long", at)
            return [(number, number) for number in range(value)]
        raise self.error(f"range can't iterate over {type_name(value)}", at)

    def pipeline(self, pipeline: Pipeline, dot: Any) -> Any:
        value = self.commands(pipeline, dot)
        for name in pipeline.variables:
            self.assign(name, value, declares=pipeline.declares, at=pipeline.at)
        return value

    def commands(self, pipeline: Pipeline, dot: Any) -> Any:
        value = _NOTHING
        for command in pipeline.commands:
            value = self.command(command, dot, value)
        return value

    def assign(self, name: str, value: Any, *, declares: bool, at: int) -> None:
        if declares:
            self.variables.append((name, value))
            return
        for index in range(len(self.variables) - 1, -1, -1):
            if self.variables[index][0] == name:
                self.variables[index] = (name, value)
                return
        raise self.error(f'undefined variable "${name}"', at, f"declare it first: ${name} := …")

    def command(self, command: Command, dot: Any, piped: Any) -> Any:
        first, *rest = command.operands
        if isinstance(first, Name):
            return self.function(first, rest, dot, piped)
        value = self.operand(first, dot, calls=False)
        if not rest and piped is _NOTHING:
            return self.method(value, (), command.at) if _is_method(value) else value
        if not _is_method(value):
            raise self.error("can't give argument to non-function", command.at)
        arguments = [self.operand(one, dot) for one in rest]
        return self.method(value, arguments if piped is _NOTHING else [*arguments, piped], command.at)

    def method(self, function: Function, arguments: Iterable[Any], at: int) -> Any:
        return self.call(function, "the method", list(arguments), at)

    def function(self, name: Name, operands: list[Operand], dot: Any, piped: Any) -> Any:
        if name.name in _LAZY and name.name not in self.functions:
            return self.lazy(name, operands, dot, piped)
        function = self.functions.get(name.name)
        if function is None:
            raise self.error(f'function "{name.name}" not defined', name.at, self.hint(name.name))
        arguments = [self.operand(one, dot) for one in operands]
        return self.call(function, name.name, arguments if piped is _NOTHING else [*arguments, piped], name.at)

    def hint(self, name: str) -> str:
        from stackferry.grammar.suggest import did_you_mean

        return did_you_mean(name, self.functions) or "start fields with a dot: {{.Name}}"

    def lazy(self, name: Name, operands: list[Operand], dot: Any, piped: Any) -> Any:
        """`and` returns the first empty argument, `or` the first that is not empty; else the last."""
        value = _NOTHING
        for operand in operands:
            value = self.operand(operand, dot)
            if is_true(value) == (name.name == "or"):
                return value
        if piped is not _NOTHING:
            return piped
        if value is _NOTHING:
            raise self.error(f"wrong number of args for {name.name}: want at least 1 got 0", name.at)
        return value

    def call(self, function: Function, name: str, arguments: list[Any], at: int) -> Any:
        try:
            return call(function, name, arguments)
        except TemplateError as error:
            raise self.error(f"error calling {name}: {error.problem}", at, error.hint) from None
        except StackferryError as error:
            raise self.error(f"error calling {name}: {error}", at, error.hint) from None
        except (ValueError, TypeError, LookupError, ArithmeticError) as error:
            raise self.error(f"error calling {name}: {error}", at) from None

    def operand(self, operand: Operand, dot: Any, *, calls: bool = True) -> Any:
        value = self.value(operand, dot)
        if calls and _is_method(value):
            return self.method(value, (), getattr(operand, "at", 0))
        return value

    def value(self, operand: Operand, dot: Any) -> Any:
        if isinstance(operand, Literal):
            return operand.value
        if isinstance(operand, Field):
            return self.walk(dot, operand.names, operand.at)
        if isinstance(operand, Variable):
            return self.walk(self.variable(operand), operand.names, operand.at)
        if isinstance(operand, Nested):
            return self.walk(self.pipeline(operand.pipeline, dot), operand.names, operand.at)
        return self.function(operand, [], dot, _NOTHING)

    def variable(self, operand: Variable) -> Any:
        for name, value in reversed(self.variables):
            if name == operand.name:
                return value
        raise self.error(f'undefined variable "${operand.name}"', operand.at)

    def walk(self, value: Any, names: tuple[str, ...], at: int) -> Any:
        for name in names:
            if _is_method(value):
                value = self.method(value, (), at)
            try:
                value = look_up(value, name)
            except Missing as missing:
                if isinstance(value, Mapping) and not self.strict:
                    value = None
                    continue
                known = ", ".join(map(str, list(value)[:20])) if isinstance(value, Mapping) else ""
                raise self.error(str(missing), at, f"known are {known}" if known else "") from None
        return value


def _is_method(value: Any) -> bool:
    return callable(value) and not isinstance(value, type)
