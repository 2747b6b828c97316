"""First step of an expansion: a text becomes tokens. How far a token reaches never depends on a variable's value.

Source: BuildKit's `frontend/dockerfile/shell/lex.go`. Operands may nest as deep as they like: they are kept on a stack
of ours, and each character is looked at once.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

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
_BLANKS = re.compile(r"[\t\r ]*")
_NOT_A_CHARACTER = "\ufffd"
"""What Go's messages show for the end of the text."""

_runs: dict[str, Callable[[str, int], "re.Match[str] | None"]] = {}


def _run_without(specials: str) -> Callable[[str, int], "re.Match[str] | None"]:
    """A matcher of the longest run without some characters."""
    found = _runs.get(specials)
    if found is None:
        found = _runs[specials] = re.compile(f"[^{re.escape(specials)}]*").match
    return found


class _Operand(NamedTuple):
    """The operand that is being read: what ends it, and what is written of the escapes in it.

    `raw_escapes`: escape characters stay. `doubled_escapes`: quoted ones are doubled, for the pattern is read again.
    `start` is where its `${` stands; -1 for the text as a whole, which has no end character.
    """

    stop: str
    raw_escapes: bool
    doubled_escapes: bool
    start: int
    quoted: bool


class Scan:
    """The tokens of a text, once. `offset` is how far it has come."""

    __slots__ = ("_enclosing", "_escape", "_operand", "_quoted", "_quotes", "_raw_quotes", "_run", "offset", "text")

    def __init__(self, text: str, escape: str, raw_quotes: bool, raw_escapes: bool, skip_process_quotes: bool) -> None:
        self.text = text
        # Go's scanner drops a byte order mark that a text starts with.
        self.offset = 1 if text.startswith(BOM) else 0
        self._escape = escape
        self._quotes = "" if skip_process_quotes else "'\""
        self._raw_quotes = raw_quotes
        self._enclosing: list[_Operand] = []
        self._enter(_Operand("", raw_escapes, False, -1, False), quoted=False)

    def __iter__(self) -> Iterator[Token]:
        """Yield the tokens; raise ExpansionError where the syntax is wrong, after the tokens before it."""
        text, length = self.text, len(self.text)
        while self.offset < length:
            start = self.offset
            match = self._run(text, start)
            if match and match.end() > start:
                self.offset = match.end()
                yield Token(KEPT if self._quoted else TEXT, match[0], start, self.offset)
            else:
                yield self._special(text[start])
        if self._quoted:
            raise self.error("unexpected end of statement while looking for matching double-quote", length)
        if self._enclosing:
            raise self.error("", length)

    def error(self, message: str, offset: int) -> ExpansionError:
        """The error to raise for a mistake at an offset: at the end of the text, an unclosed `${` is the mistake."""
        if self.offset >= len(self.text) and self._enclosing:
            outermost = (*self._enclosing, self._operand)[1]
            return ExpansionError(_UNCLOSED[outermost.stop], outermost.start)
        return ExpansionError(message, offset)

    def _enter(self, operand: _Operand, *, quoted: bool) -> None:
        """Read on in an operand, inside or outside of double quotes."""
        self._operand = operand
        self._quoted = quoted
        self._run = _run_without('"$' + self._escape if quoted else "$<" + self._escape + self._quotes + operand.stop)

    def _special(self, character: str) -> Token:
        """The token that a character which is not plain text starts."""
        if character == "$":
            return self._dollar()
        if self._quoted:
            return self._quote('"') if character == '"' else self._quoted_escape()
        if character == self._operand.stop:
            return self._stop()
        return _STARTS.get(character, Scan._escaped)(self)

    def _dollar(self) -> Token:
        text, start = self.text, self.offset
        if text[start + 1 : start + 2] == "{":
            return self._braced()
        self.offset = end = name_end(text, start + 1)
        if end == start + 1:
            return Token(TEXT, "$", start, end)
        return Token(VARIABLE, text[start + 1 : end], start, end)

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
            return Token(VARIABLE, name, start, end + 1, operator)
        if operator == ":" or (operator == "/" and text[end + 1 : end + 2] == "/"):
            operator = text[end : end + 2]
            self.offset = end + 2
        if (operator[:1] != ":" and operator not in _OPERATORS) or operator in (":#", ":%"):
            raise self.error(f"unsupported modifier ({operator or _NOT_A_CHARACTER}) in substitution", start)
        pattern = operator in _PATTERN_OPERATORS
        self._enclosing.append(self._operand._replace(quoted=self._quoted))
        self._enter(_Operand("/" if operator[0] == "/" else "}", pattern, pattern, start, False), quoted=False)
        return Token(OPEN, name, start, self.offset, operator)

    def _stop(self) -> Token:
        start = self.offset
        self.offset = start + 1
        operand = self._operand
        if operand.stop == "/":
            self._enter(_Operand("}", True, False, operand.start, False), quoted=False)
            return Token(SLASH, "/", start, start + 1)
        enclosing = self._enclosing.pop()
        self._enter(enclosing, quoted=enclosing.quoted)
        return Token(CLOSE, "}", start, start + 1)

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
        return Token(KEPT, f"'{content}'" if self._raw_quotes else content, start, close + 1)

    def _double_quoted(self) -> Token:
        return self._quote('"')

    def _quote(self, quote: str) -> Token:
        start = self.offset
        self.offset = start + 1
        self._enter(self._operand, quoted=not self._quoted)
        return Token(QUOTE, quote if self._raw_quotes else "", start, start + 1)

    def _quoted_escape(self) -> Token:
        """An escape character in double quotes: it takes the quote, `$` or itself; before others it stays."""
        start, escape, operand = self.offset, self._escape, self._operand
        follower = self.text[start + 1 : start + 2]
        if follower in ('"', "$", escape):
            self.offset = start + 2
            return Token(KEPT, escape + follower if operand.raw_escapes else follower, start, start + 2)
        self.offset = start + 1
        twice = operand.raw_escapes and (operand.doubled_escapes or not self._raw_quotes)
        return Token(KEPT, escape * 2 if twice else escape, start, start + 1)

    def _escaped(self) -> Token:
        start = self.offset
        self.offset = end = min(start + 2, len(self.text))
        return Token(KEPT, self.text[start if self._operand.raw_escapes else start + 1 : end], start, end)

    def _less_than(self) -> Token:
        """`<`, or `<<` with the blanks after it, which do not end a word: `<< EOF` is one."""
        start = self.offset
        end = start + 1
        if self.text.startswith("<", end):
            match = _BLANKS.match(self.text, end + 1)
            end = match.end() if match else end + 1
        self.offset = end
        return Token(KEPT, self.text[start:end], start, end)


_STARTS: dict[str, Callable[[Scan], Token]] = {
    "'": Scan._single_quoted,
    '"': Scan._double_quoted,
    "<": Scan._less_than,
}
