"""Second step of an expansion: tokens and the values of variables become the pieces of the result.

One walk serves builds, which know every value, and the linter, which does not: a piece without a value is not
known. Nested operands are on an explicit stack, and their pieces are in one list: an operand that is the result
stays where it is, so that deep nesting costs no more than its length.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from stackferry.grammar.dockerfile.expansion.pattern import (
    PatternError,
    has_match,
    with_replaced,
    without_prefix,
    without_suffix,
)
from stackferry.grammar.dockerfile.expansion.scan import Scan
from stackferry.grammar.dockerfile.expansion.token import CLOSE, OPEN, QUOTE, SLASH, TEXT, VARIABLE, Token

Lookup = Callable[[str], "tuple[bool, str | None]"]
"""Whether a variable is set, and its value, None if unknown. An unset one is `(False, "")`."""

_SPLITTING = frozenset((TEXT, VARIABLE, CLOSE))
_WORK = 64
"""Steps of pattern matching per character of the longest value, before a result counts as not known."""

Piece = tuple[str | None, int]
"""A part of the result: its value, None if it is not known, and its offset in the text."""

Chunk = tuple[list[Piece], bool, bool]
"""The pieces of one part outside of all operands: text, a quoted string, or one `$…`.

The second item says whether white space in it ends a word, the third whether it has an operand.
"""


class Use(NamedTuple):
    """A use of a variable, from its `$` to its end, and its operator (`:-`, `##`, …), empty for `$v` and `${v}`."""

    name: str
    start: int
    end: int
    operator: str


class Operation:
    """A `${name` with an operator and an operand, whose pieces start after `first`; a replacement's start at `second`.

    Once the operand is complete, this has the variable's value, None if unknown.
    """

    __slots__ = ("end", "first", "is_set", "name", "operator", "second", "start", "value")

    def __init__(self, token: Token, first: int) -> None:
        _, self.name, self.start, self.end, self.operator = token
        self.first = first
        self.second = first
        self.is_set = False
        self.value: str | None = ""

    @property
    def is_void(self) -> bool:
        """Whether the variable counts as unset: with a `:`, an empty one does, too."""
        return not self.is_set or (self.operator[0] == ":" and self.value == "")


def joined(pieces: Iterable[Piece]) -> str | None:
    """The joined value of the pieces, None if one is not known."""
    values: list[str] = []
    for value, _ in pieces:
        if value is None:
            return None
        values.append(value)
    return "".join(values)


class Evaluation:
    """The pieces of a text, in a single pass; `uses` are the variables it uses, in the order of their ends."""

    __slots__ = ("_keep_unset", "_limit", "_lookup", "_opened", "_pieces", "_scan", "_work", "uses")

    def __init__(self, scan: Scan, lookup: Lookup, keep_unset: bool, limit: int) -> None:
        """`keep_unset`: a use of an unset variable stays as it is. A value over `limit` characters is not known."""
        self._scan = scan
        self._lookup = lookup
        self._keep_unset = keep_unset
        self._limit = limit
        self._work = limit * _WORK
        self._pieces: list[Piece] = []
        self._opened: list[Operation] = []
        self.uses: list[tuple[str, int, int, str]] = []

    def __iter__(self) -> Iterator[Chunk]:
        """Yield the chunks; raises ExpansionError if a build would fail."""
        opened = self._opened
        quoted = nested = False
        for token in self._scan:
            kind, text, start, _, _ = token
            if kind == VARIABLE:
                self._variable(token)
            elif kind == OPEN:
                nested = True
                self._open(token)
            elif kind == CLOSE:
                self._close(token)
            else:
                self._pieces.append((text, start))
                if kind == SLASH:
                    opened[-1].second = len(self._pieces)
                elif kind == QUOTE and not opened:
                    quoted = not quoted
            if not opened and not quoted:
                yield self._pieces, kind in _SPLITTING, nested
                self._pieces = []
                nested = False

    def _variable(self, token: Token) -> None:
        _, name, start, end, braced = token
        self.uses.append((name, start, end, ""))
        is_set, value = self._lookup(name)
        if self._keep_unset and not is_set:
            value = f"${{{name}}}" if braced else f"${name}"
        self._add(value, start)

    def _add(self, value: str | None, start: int) -> None:
        if value is not None:
            self._limit -= len(value)
            if self._limit < 0:
                value = None
        self._pieces.append((value, start))

    def _open(self, token: Token) -> None:
        _, name, start, _, operator = token
        self._opened.append(Operation(token, len(self._pieces)))
        # BuildKit writes an unset `${v//a/b}` back with one slash before the pattern.
        self._pieces.append((f"${{{name}{'/' if operator == '//' else operator}", start))

    def _close(self, close: Token) -> None:
        operation = self._opened.pop()
        name, operator, start = operation.name, operation.operator, operation.start
        doubled = operator in _TRIMS and self._scan.text.startswith(operator, operation.end)
        self.uses.append((name, start, close[3], operator * 2 if doubled else operator))
        operation.is_set, operation.value = self._lookup(name)
        if self._keep_unset and not operation.is_set:
            self._pieces.append(("}", close[2]))
            return
        action = _ACTIONS.get(operator)
        if action is None:
            raise self._scan.error(f"unsupported modifier ({operator}) in substitution", start)
        action(self, operation)

    def _operand(self, first: int, last: int | None = None) -> str | None:
        """The joined value of the pieces, None if one is not known."""
        return joined(self._pieces[first:last])

    def _becomes_value(self, operation: Operation, value: str | None) -> None:
        del self._pieces[operation.first :]
        self._add(value, operation.start)

    def _becomes_operand(self, operation: Operation) -> None:
        self._pieces[operation.first] = ("", operation.start)

    def _default(self, operation: Operation) -> None:
        if operation.is_void:
            self._becomes_operand(operation)
        else:
            self._becomes_value(operation, operation.value)

    def _alternative(self, operation: Operation) -> None:
        if operation.is_void:
            self._becomes_value(operation, "")
        elif operation.operator == ":+" and operation.value is None and self._operand(operation.first + 1) != "":
            # The value may be empty, so the result is the operand or empty text.
            self._becomes_value(operation, None)
        else:
            self._becomes_operand(operation)

    def _required(self, operation: Operation) -> None:
        if operation.is_void:
            message = self._operand(operation.first + 1) or (
                f"is not allowed to be {'empty' if operation.is_set else 'unset'}"
            )
            raise self._scan.error(f"{operation.name}: {message}", operation.start)
        self._becomes_value(operation, operation.value)

    def _trim(self, operation: Operation) -> None:
        pattern = self._operand(operation.first + 1)
        if pattern is None and operation.value == "":
            # No pattern matches anything to cut off.
            self._becomes_value(operation, "")
            return
        longest = pattern is not None and pattern.startswith(operation.operator)
        if pattern is not None and longest:
            pattern = pattern[1:]
        trim = _TRIMS[operation.operator]
        self._match(operation, pattern, lambda value, pattern: trim(value, pattern, longest=longest))

    def _replace(self, operation: Operation) -> None:
        pattern = self._operand(operation.first + 1, operation.second - 1)
        replacement = self._operand(operation.second)
        every, limit = operation.operator == "//", self._limit

        def replaced(value: str, pattern: str) -> str | None:
            if replacement is not None:
                return with_replaced(value, pattern, replacement, every=every, limit=limit)
            return None if has_match(value, pattern) else value

        self._match(operation, pattern, replaced)

    def _match(self, operation: Operation, pattern: str | None, apply: Callable[[str, str], str | None]) -> None:
        """Set the result to `apply(value, pattern)`, as far as both are known."""
        result, value = None, operation.value
        if pattern is not None:
            try:
                self._work -= len(value or "") * len(pattern)
                if self._work >= 0:
                    result = apply(value or "", pattern)
            except PatternError as error:
                raise self._scan.error(str(error), operation.start) from None
        self._becomes_value(operation, None if value is None else result)


_TRIMS = {"#": without_prefix, "%": without_suffix}
_ACTIONS: dict[str, Callable[[Evaluation, Operation], None]] = {
    **dict.fromkeys(("-", ":-"), Evaluation._default),
    **dict.fromkeys(("+", ":+"), Evaluation._alternative),
    **dict.fromkeys(("?", ":?"), Evaluation._required),
    **dict.fromkeys(("#", "%"), Evaluation._trim),
    **dict.fromkeys(("/", "//"), Evaluation._replace),
}
