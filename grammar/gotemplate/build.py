"""Converts the grammar's tree of one action to our tree. Called by `parse.py`, only for more than a plain field."""

from typing import Any

from lark import Token, Transformer, v_args

from stackferry.grammar.gotemplate.error import TemplateError
from stackferry.grammar.gotemplate.tree import Command, Field, Function, Literal, Nested, Operand, Pipeline, Variable
from stackferry.grammar.regex import regex

UNSUPPORTED = ("define", "template", "block", "break", "continue")

_ESCAPE = regex(r"\\(?:([abfnrtv\\'\"])|x([0-9A-Fa-f]{2})|([0-7]{3})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))|([^\\]+)|.")
_PLAIN = dict(zip("abfnrtv\\'\"", "\a\b\f\n\r\t\v\\'\"", strict=True))
_UINT64_END = 1 << 64


def build(tree: Any, text: str, at: int) -> tuple[str, Pipeline | None]:
    """(kind, pipeline): kind is output, if, with, range, else, else if, else with or end."""
    result: tuple[str, Pipeline | None] = _Builder(text, at).transform(tree)
    return result


def _keyword(kind: str) -> Any:
    def made(self: "_Builder", *pipeline: Pipeline) -> tuple[str, Pipeline | None]:
        if pipeline and len(pipeline[0].variables) > 1 and kind != "range":
            raise self.error(f"too many variables in {kind}", pipeline[0].at)
        return kind, pipeline[0] if pipeline else None

    return made


@v_args(inline=True)
class _Builder(Transformer[Token, Any]):
    """Converts bottom up; `at` is the offset of the action in the whole template."""

    def __init__(self, text: str, at: int) -> None:
        super().__init__()
        self.text = text
        self.at = at

    def error(self, problem: str, at: int, hint: str = "") -> TemplateError:
        return TemplateError(problem, self.text, at, hint)

    def _place(self, token: Token) -> int:
        return self.at + (token.start_pos or 0)

    output = _keyword("output")
    if_ = _keyword("if")
    with_ = _keyword("with")
    range_ = _keyword("range")
    else_ = _keyword("else")
    else_if = _keyword("else if")
    else_with = _keyword("else with")
    end = _keyword("end")

    def declaration(self, *tokens: Token) -> tuple[tuple[str, ...], bool, int]:
        *variables, sign = tokens
        for token in variables:
            if "." in token or len(token) == 1:
                raise self.error(f"cannot assign to {token}", self._place(token))
        return tuple(str(token)[1:] for token in variables), sign == ":=", self._place(tokens[0])

    def pipeline(self, *parts: Any) -> Pipeline:
        variables: tuple[str, ...] = ()
        declares, commands = False, parts
        if isinstance(parts[0], tuple):
            (variables, declares, _), commands = parts[0], parts[1:]
        for command in commands[1:]:
            if isinstance(command.operands[0], Literal):
                raise self.error("the result of a command cannot be piped into a constant", command.at)
        return Pipeline(tuple(commands), variables, declares, commands[0].at)

    def command(self, *operands: tuple[Operand, int]) -> Command:
        first = operands[0]
        if len(operands) > 1 and isinstance(first[0], Literal):
            raise self.error("a constant takes no arguments", operands[1][1])
        for operand, at in operands:
            if isinstance(operand, Function) and operand.name in UNSUPPORTED:
                raise self.error(f"{{{{{operand.name}}}}} is not supported here", at)
        return Command(tuple(operand for operand, _ in operands), first[1])

    def chain(self, token: Token) -> tuple[Operand, int]:
        at = self._place(token)
        return Field(tuple(token[1:].split(".")), at), at

    def dot(self, token: Token) -> tuple[Operand, int]:
        return Field((), self._place(token)), self._place(token)

    def variable(self, token: Token) -> tuple[Operand, int]:
        name, *names = token[1:].split(".")
        at = self._place(token)
        return Variable(name, tuple(names), at), at

    def function(self, token: Token) -> tuple[Operand, int]:
        return Function(str(token), self._place(token)), self._place(token)

    def nested(self, pipeline: Pipeline, close: Token) -> tuple[Operand, int]:
        if pipeline.variables:
            raise self.error("variables cannot be set in parentheses", pipeline.at)
        return Nested(pipeline, tuple(close[2:].split(".")) if len(close) > 1 else (), self._place(close)), pipeline.at

    def true(self) -> tuple[Operand, int]:
        return Literal(True), self.at

    def false(self) -> tuple[Operand, int]:
        return Literal(False), self.at

    def nil(self) -> tuple[Operand, int]:
        return Literal(None), self.at

    def string(self, token: Token) -> tuple[Operand, int]:
        return Literal(self._unquoted(token)), self._place(token)

    def raw(self, token: Token) -> tuple[Operand, int]:
        return Literal(token[1:-1].replace("\r", "")), self._place(token)

    def character(self, token: Token) -> tuple[Operand, int]:
        value = self._unquoted(token)
        if len(value) != 1:
            raise self.error(f"{token} is more than one character", self._place(token), 'write strings in "…" or `…`')
        return Literal(ord(value)), self._place(token)

    def number(self, token: Token) -> tuple[Operand, int]:
        at = self._place(token)
        try:
            value = _number(str(token))
        except (ValueError, OverflowError):
            raise self.error(f"bad number {token[:40]!r}", at) from None
        if abs(value) >= _UINT64_END and isinstance(value, int):
            raise self.error(f"integer overflow: {token[:40]}", at)
        return Literal(value), at

    def _unquoted(self, token: Token) -> str:
        parts: list[bytes] = []
        for found in _ESCAPE.finditer(token[1:-1]):
            plain, byte, octal, short, long, text = found.groups()
            try:
                if plain or text:
                    parts.append((_PLAIN[plain] if plain else text).encode("utf-8", "surrogatepass"))
                elif byte or octal:
                    parts.append(bytes([int(byte, 16) if byte else int(octal, 8)]))
                elif short or long:
                    parts.append(chr(int(short or long, 16)).encode())
                else:
                    raise ValueError("unknown escape")
            except (ValueError, OverflowError):
                raise self.error(f"invalid escape in {token[:40]}", self._place(token)) from None
        return b"".join(parts).decode("utf-8", "replace")


def _number(text: str) -> int | float:
    digits = text.lstrip("+-")
    if digits[:2].lower() == "0x":
        return int(text, 16)
    if digits.isdigit():
        return int(text, 8) if len(digits) > 1 and digits[0] == "0" else int(text)
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise OverflowError(text)
    return value
