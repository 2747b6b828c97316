"""Interpolates one string with variables; `interpolate.py` calls this for each value.

Nearly every string is plain, or has variables without nesting: one regular expression handles those
(measured: 3 µs against 214 µs, and no import of lark, which would double the start-up time). Any other string
with a `$` goes through the lark grammar; a property test checks that both give the same answers.
"""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from stackferry.grammar.regex import regex

Lookup = Callable[[str], str | None]


class TemplateError(Exception):
    """The string cannot be interpolated; `missing` names the variable if a required one has no value.

    `at` is the place in the string of a `$` that begins no variable; None if there is no such `$`.
    """

    def __init__(self, message: str, missing: str = "", at: int | None = None) -> None:
        super().__init__(message)
        self.missing = missing
        self.at = at


class NoTemplateError(TemplateError):
    """The grammar cannot read the string."""


class Allowance:
    """How much more text variables may insert: `A=$A$A`, forty times over, would fill any memory."""

    __slots__ = ("left", "nested")

    def __init__(self, characters: int = 16_000_000, nested: int = 300_000) -> None:
        self.left = characters
        self.nested = nested

    def watch(self, lookup: Lookup) -> Lookup:
        """`lookup`, which raises TemplateError once the allowance is spent."""

        def watched(name: str) -> str | None:
            value = lookup(name)
            if value:
                self.left -= len(value)
                if self.left < 0:
                    raise TemplateError("the values of the variables are too long in total")
            return value

        return watched

    def parse(self, text: str) -> None:
        """Count one nested template, which is slow to parse; raises TemplateError when there are too many."""
        self.nested -= len(text)
        if self.nested < 0:
            raise TemplateError("too many variables inside variables")


class Variable(NamedTuple):
    """A variable in a template. `operator` is empty or one of `:- - :+ + :? ?`, with its word."""

    name: str
    operator: str = ""
    word: str = ""


DEEPEST = 100
"""Deepest nesting: nobody reads three levels; Python's own stack ends near a thousand."""

_SIMPLE = regex(
    r"\$(?:(?P<escaped>\$)"
    r"|(?P<bare>[A-Za-z_][A-Za-z0-9_]*)"
    r"|\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?:(?P<operator>:?[-+?])(?P<word>[^${}\n]*))?\}"
    r"|(?P<nested>\{))"
)


def substitute(
    text: str, lookup: Lookup, unset: Callable[[str], None], nested: Callable[[str], None] = lambda _: None
) -> str:
    """`text` with its variables replaced.

    `unset` is called with each plain variable without a value, `nested` with text that needs the grammar.

    Raises TemplateError. The meaning is that of the Compose Specification's interpolation page;
    as in Docker Compose, a word is evaluated only if it is used.
    """
    parts: list[str] = []
    end = 0
    for found in _SIMPLE.finditer(text):
        kind = found.lastgroup
        if kind == "nested":
            nested(text)
            return _nested(text, lookup, unset)
        parts.append(text[end : found.start()])
        end = found.end()
        if kind == "escaped":
            parts.append("$")
        elif kind == "bare":
            parts.append(_plain(found["bare"], lookup, unset))
        else:
            parts.append(_apply(found["name"], found["operator"], partial(str, found["word"] or ""), lookup, unset))
    parts.append(text[end:])
    return "".join(parts)


def _nested(text: str, lookup: Lookup, unset: Callable[[str], None]) -> str:
    try:
        tree = _tree(text)
    except NoTemplateError as error:
        from stackferry.grammar.compose.phases.template_remains import InvalidError, substitute_needed

        try:
            return substitute_needed(text, lambda name, operator, word: _apply(name, operator, word, lookup, unset))
        except InvalidError:
            raise error from None
    return _evaluate(tree, lookup, unset)


def substitute_by_grammar(text: str, lookup: Lookup, unset: Callable[[str], None]) -> str:
    """The same through the grammar alone: tests compare `substitute` with it."""
    return _nested(text, lookup, unset)


def variables(text: str) -> Iterator[Variable]:
    """Every variable in `text`, nested ones included, outer ones first. Raises TemplateError."""
    if "$" in text:
        yield from _named(_tree(text))


def _plain(name: str, lookup: Lookup, unset: Callable[[str], None]) -> str:
    value = lookup(name)
    if value is None:
        unset(name)
        return ""
    return value


def _apply(
    name: str, operator: str | None, word: Callable[[], str], lookup: Lookup, unset: Callable[[str], None]
) -> str:
    if not operator:
        return _plain(name, lookup, unset)
    value = lookup(name)
    # With a leading colon, an empty value counts as unset.
    present = value is not None and (value != "" or operator[0] != ":")
    kind = operator[-1]
    if kind == "-":
        return value if present and value is not None else word()
    if kind == "+":
        return word() if present else value or ""
    if not present or value is None:
        said = word()
        reason = f": {said}" if said else ""
        raise TemplateError(f"required variable {name} is missing a value{reason}", missing=name)
    return value


@cache
def _grammar() -> Any:
    from importlib.resources import files

    from lark import Lark

    text = files("stackferry.grammar.compose.phases").joinpath("interpolation.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="contextual", start="template", maybe_placeholders=True)


@lru_cache(maxsize=4096)
def _tree(text: str) -> Any:
    from lark.exceptions import LarkError, UnexpectedInput

    if _depth(text) > DEEPEST:
        raise TemplateError(f"variables are nested more than {DEEPEST} levels deep")
    try:
        return _grammar().parse(text)
    except LarkError as error:
        stopped = error.pos_in_stream if isinstance(error, UnexpectedInput) else None
        at = _wrong_dollar(text, stopped)
        raise NoTemplateError(f"invalid interpolation format: {_piece(text, at)!r}", at=at) from error


def _wrong_dollar(text: str, stopped: int | None) -> int:
    """The place of the innermost variable still open where the grammar stopped (None: at the end)."""
    end = len(text) if stopped is None or stopped < 0 else stopped
    opened: list[int] = []
    # A brace inside a variable's word opens a group; elsewhere it is text.
    for found in _BRACES.finditer(text, 0, end):
        if found[0][-1] == "{" and (opened or found[0] == "${"):
            opened.append(found.start())
        elif found[0] == "}" and opened:
            opened.pop()
    dollars = [place for place in opened if text[place] == "$"]
    return dollars[-1] if dollars else max(text.rfind("$", 0, end), 0)


def _piece(text: str, at: int) -> str:
    """The malformed variable, up to its brace or to the end of the line."""
    line = text[at:].partition("\n")[0]
    return line[: line.find("}") + 1] or line


_BRACES = regex(r"\$\$|\$?[{}]")


def _depth(text: str) -> int:
    """How deep braces are nested inside variables."""
    depth = deepest = 0
    for found in _BRACES.finditer(text):
        brace = found[0][-1]
        if brace == "}":
            depth -= depth > 0
        elif brace == "{" and (depth or found[0] == "${"):
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _evaluate(tree: Any, lookup: Lookup, unset: Callable[[str], None]) -> str:
    parts: list[str] = []
    for child in tree.children:
        kind = getattr(child, "type", None) or child.data
        if kind == "ESCAPED":
            parts.append("$")
        elif kind == "BARE":
            parts.append(_plain(child[1:], lookup, unset))
        elif kind == "group":
            parts.append("{" + _evaluate(child.children[1], lookup, unset) + "}")
        elif kind == "braced":
            name, operator, word, _ = child.children
            inner = partial(_evaluate, word, lookup, unset) if word is not None else str
            parts.append(_apply(str(name), operator and str(operator), inner, lookup, unset))
        else:
            parts.append(str(child))
    return "".join(parts)


def _named(tree: Any) -> Iterator[Variable]:
    for child in tree.children:
        kind = getattr(child, "type", None) or child.data
        if kind == "BARE":
            yield Variable(child[1:])
        elif kind == "braced":
            name, operator, word, _ = child.children
            yield Variable(str(name), str(operator or ""), _source(word) if word is not None else "")
            if word is not None:
                yield from _named(word)
        elif kind == "group":
            yield from _named(child.children[1])


def _source(tree: Any) -> str:
    """A word as it was written."""
    text = ""
    for child in tree.children:
        kind = getattr(child, "type", None) or child.data
        if kind == "group":
            text += "{" + _source(child.children[1]) + "}"
        elif kind == "braced":
            name, operator, word, _ = child.children
            text += "${" + name + (f"{operator}{_source(word)}" if operator else "") + "}"
        else:
            text += child
    return text
