"""First step of an expansion: a text becomes tokens. Where a token ends never depends on a variable's value.

Source: BuildKit's `frontend/dockerfile/shell/lex.go`. Operands may nest to any depth: they are on an explicit stack,
and each character is read once.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from stackferry.grammar.dockerfile.expansion.error import ExpansionError
from stackferry.grammar.dockerfile.expansion.token import (
    CLOSE,
    KEPT,
    OPEN,
    QUOTE,
    SLASH,
    TEXT,
    VARIABLE,
    Token,
    name_end,
)
from stackferry.grammar.dockerfile.source import BOM

_PATTERN_OPERATORS = ("#", "%", "/", "//")
_OPERATORS = ("-", "+", "?", *_PATTERN_OPERATORS)
_NEVER_A_NAME = {"": "syntax error: missing '}'", **dict.fromkeys("{}:", "syntax error: bad substitution")}
_UNCLOSED = {"}": "syntax error: missing '}'", "/": "syntax error: missing '/' in ${}"}
_BLANKS = "\t\r "
_NOT_A_CHARACTER = "\ufffd"
"""What Go's messages show for the end of the text."""


class _Operand:
    """The operand that is being read: what ends it, and how escapes in it are written.

    `raw_escapes`: escape characters stay. `doubled_escapes`: quoted ones are doubled, because the pattern is parsed
    again.
    `start` is the offset of its `${`; -1 for the text as a whole, which has no end token.
    """

    __slots__ = ("doubled_escapes", "raw_escapes", "start", "stop")

    def __init__(self, stop: str, raw_escapes: bool, doubled_escapes: bool, start: int) -> None:
        self.stop = stop
        self.raw_escapes = raw_escapes
        self.doubled_escapes = doubled_escapes
        self.start = start


class Scan:
    """The tokens of a text, in a single pass. `offset` is the current position."""

    __slots__ = (
        "_enclosing",
        "_escape",
        "_operand",
        "_plain",
        "_quoted",
        "_raw_quotes",
        "_skip_quotes",
        "_starts",
        "offset",
        "text",
    )

    def __init__(self, text: str, escape: str, raw_quotes: bool, raw_escapes: bool, skip_process_quotes: bool) -> None:
        self.text = text
        # Go's scanner drops a byte order mark at the start of a text.
        self.offset = 1 if text.startswith(BOM) else 0
        self._escape = escape
        self._skip_quotes = skip_process_quotes
        self._raw_quotes = raw_quotes
        self._enclosing: list[tuple[_Operand, bool]] = []
        self._enter(_Operand("", raw_escapes, False, -1))

    def __iter__(self) -> Iterator[Token]:
        """Yield the tokens; raises ExpansionError at a syntax error, after the tokens before it."""
        text, length = self.text, len(self.text)
        while (start := self.offset) < length:
            find = self._starts.get(text[start])
            if find is not None:
                yield find(self)
            elif match := self._plain(text, start):
                self.offset = end = match.end()
                yield KEPT if self._quoted else TEXT, match[0], start, end, ""
        if self._quoted:
            raise self.error("unexpected end of statement while looking for matching double-quote", length)
        if self._enclosing:
            raise self.error(_UNCLOSED[self._operand.stop], length)

    def error(self, message: str, offset: int) -> ExpansionError:
        """The error to raise for a mistake at an offset: at the end of the text, an unclosed `${` is the mistake."""
        if self.offset >= len(self.text) and self._enclosing:
            outermost = self._enclosing[1][0] if len(self._enclosing) > 1 else self._operand
            return ExpansionError(_UNCLOSED[outermost.stop], outermost.start)
        return ExpansionError(message, offset)

    def _enter(self, operand: _Operand, quoted: bool = False) -> None:
        """Continue in an operand, inside or outside of double quotes."""
        self._operand, self._quoted = operand, quoted
        self._starts, self._plain = _mode(self._escape, operand.stop, quoted, self._skip_quotes)

    def _dollar(self) -> Token:
        text, start = self.text, self.offset
        if text[start + 1 : start + 2] == "{":
            return self._braced()
        self.offset = end = name_end(text, start + 1)
        if end == start + 1:
            return TEXT, "$", start, end, ""
        return VARIABLE, text[start + 1 : end], start, end, ""

    def _braced(self) -> Token:
        text, start = self.text, self.offset
        self.offset = start + 2
        refusal = _NEVER_A_NAME.get(text[start + 2 : start + 3])
        if refusal:
            raise self.error(refusal, start)
        end = name_end(text, start + 2)
        name, operator = text[start + 2 : end], text[end : end + 1]
        self.offset = end + 1
        if operator == "}":
            return VARIABLE, name, start, end + 1, operator
        if operator == ":" or (operator == "/" and text[end + 1 : end + 2] == "/"):
            operator = text[end : end + 2]
            self.offset = end + 2
        if (operator[:1] != ":" and operator not in _OPERATORS) or operator in (":#", ":%"):
            raise self.error(f"unsupported modifier ({operator or _NOT_A_CHARACTER}) in substitution", start)
        pattern = operator in _PATTERN_OPERATORS
        self._enclosing.append((self._operand, self._quoted))
        self._enter(_Operand("/" if operator[0] == "/" else "}", pattern, pattern, start))
        return OPEN, name, start, self.offset, operator

    def _stop(self) -> Token:
        start = self.offset
        self.offset = start + 1
        operand = self._operand
        if operand.stop == "/":
            self._enter(_Operand("}", True, False, operand.start))
            return SLASH, "/", start, start + 1, ""
        self._enter(*self._enclosing.pop())
        return CLOSE, "}", start, start + 1, ""

    def _single_quoted(self) -> Token:
        start = self.offset
        close = self.text.find("'", start + 1)
        if close < 0:
            self.offset = len(self.text)
            raise self.error("unexpected end of statement while looking for matching single-quote", start)
        self.offset = close + 1
        content = self.text[start + 1 : close]
        if self._operand.doubled_escapes:
            content = content.replace(self._escape, self._escape * 2)
        return KEPT, f"'{content}'" if self._raw_quotes else content, start, close + 1, ""

    def _opening_quote(self) -> Token:
        start = self.offset
        close = self.text.find('"', start + 1)
        content = self.text[start + 1 : close]
        if close < 0 or "$" in content or self._escape in content:
            self._enter(self._operand, quoted=True)
            self.offset = start + 1
            return QUOTE, '"' if self._raw_quotes else "", start, start + 1, ""
        self.offset = close + 1
        return KEPT, f'"{content}"' if self._raw_quotes else content, start, close + 1, ""

    def _closing_quote(self) -> Token:
        self._enter(self._operand)
        self.offset += 1
        return QUOTE, '"' if self._raw_quotes else "", self.offset - 1, self.offset, ""

    def _quoted_escape(self) -> Token:
        """An escape character in double quotes: it escapes the quote, `$` or itself; before others it stays."""
        start, escape, operand = self.offset, self._escape, self._operand
        follower = self.text[start + 1 : start + 2]
        if follower in ('"', "$", escape):
            self.offset = start + 2
            return KEPT, escape + follower if operand.raw_escapes else follower, start, start + 2, ""
        self.offset = start + 1
        twice = operand.raw_escapes and (operand.doubled_escapes or not self._raw_quotes)
        return KEPT, escape * 2 if twice else escape, start, start + 1, ""

    def _escaped(self) -> Token:
        start = self.offset
        self.offset = end = min(start + 2, len(self.text))
        return KEPT, self.text[start if self._operand.raw_escapes else start + 1 : end], start, end, ""

    def _less_than(self) -> Token:
        """`<`, or `<<` with the blanks after it, which do not end a word: `<< EOF` is one word."""
        start = self.offset
        end = start + 1
        if self.text.startswith("<", end):
            end += 1
            while self.text[end : end + 1] in _BLANKS and end < len(self.text):
                end += 1
        self.offset = end
        return KEPT, self.text[start:end], start, end, ""


@lru_cache(maxsize=64)
def _mode(
    escape: str, stop: str, quoted: bool, skip_quotes: bool
) -> tuple[dict[str, Callable[[Scan], Token]], Callable[[str, int], re.Match[str] | None]]:
    """How to read an operand, or a quoted string in it: a handler per special character, a matcher for the rest."""
    starts: dict[str, Callable[[Scan], Token]] = {"$": Scan._dollar}
    if quoted:
        starts |= {escape: Scan._quoted_escape, '"': Scan._closing_quote}
    else:
        starts |= {escape: Scan._escaped, "<": Scan._less_than}
        if not skip_quotes:
            starts |= {"'": Scan._single_quoted, '"': Scan._opening_quote}
        if stop:
            starts[stop] = Scan._stop
    return starts, re.compile(f"[^{re.escape(''.join(starts))}]+").match
