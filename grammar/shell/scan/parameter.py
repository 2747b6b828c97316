"""`${…}`: a variable with a prefix, a subscript, an operator and its operands."""

import re
from functools import cache

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.scan.expansion import Expansions
from stackferry.grammar.shell.word import Literal, Part, ShellWord, Variable

_HEAD = regex(r"\$\{([#!](?=[A-Za-z0-9_@*?$!#-]))?([A-Za-z_][A-Za-z0-9_]*+|[0-9]++|[@*#?$!-])?")
_OPERATOR = regex(r":?[-=?+]|##?|%%?|/[/#%]?|\^\^?|,,?|@(?=[A-Za-z]\})|:|[*@](?=\})")

PATTERNS = frozenset({"#", "##", "%", "%%", "/", "//", "/#", "/%", "^", "^^", ",", ",,"})
"""Operators followed by a pattern, which quotes around the whole `${…}` do not quote."""

INVALID = "invalid"
"""The operator if the text after a name is no operator."""


@cache
def _run(stops: str, single: bool) -> re.Pattern[str]:
    """Matches text up to the end of an operand or a special character. `single`: single quotes are special."""
    return re.compile("[^" + re.escape(stops) + ('$`"\\\\' + ("'" if single else "")) + "]++")


class Parameters(Expansions):
    """Reads `${…}` and its operands."""

    def parameter(self, parts: list[Part], quoted: bool) -> None:
        """A whole `${…}`; a missing closing brace is noted, and the text is read to the end."""
        start, text = self.at, self.text
        found = _HEAD.match(text, start, self.end)
        if found is None:
            raise AssertionError("called at a dollar sign and a brace")
        self.at = found.end()
        self.depth += 1
        name, operator, operand, replacement, subscript = found[2] or "", "", None, None, None
        if name and text.startswith("[", self.at, self.end):
            self.at += 1
            subscript = self.operand("]", False, True)
            self._pass("]", start)
        if not text.startswith("}", self.at, self.end):
            operator = self._operator(name, start)
            bare = operator in PATTERNS or not quoted
            operand = self.operand("/}" if operator[:1] == "/" else "}", not bare, bare)
            if text.startswith("/", self.at, self.end):
                self.at += 1
                replacement = self.operand("}", quoted, not quoted)
        self._pass("}", start)
        self.depth -= 1
        prefix = found[1] or ""
        parts.append(Variable(name, start, self.at, quoted, operator, operand, replacement, prefix, subscript))

    def _operator(self, name: str, start: int) -> str:
        found = _OPERATOR.match(self.text, self.at, self.end) if name else None
        if found is None:
            self.fail(start)
            return INVALID
        self.at = found.end()
        return found[0]

    def _pass(self, char: str, start: int) -> None:
        if self.text.startswith(char, self.at, self.end):
            self.at += 1
        else:
            self.fail(start)

    def operand(self, stops: str, quoted: bool, single: bool) -> ShellWord:
        """The word up to one of the `stops`. `quoted`: as in double quotes; `single`: single quotes are quotes."""
        start, text, end = self.at, self.text, self.end
        run = _run(stops, single)
        parts: list[Part] = []
        while self.at < end:
            at = self.at
            found = run.match(text, at, end)
            if found:
                self.at = found.end()
                parts.append(Literal(found[0], at, self.at, quoted))
                continue
            if text[at] in stops:
                break
            self.piece(text[at], parts, quoted)
        return self.made(start, self.at, parts)

    def piece(self, char: str, parts: list[Part], quoted: bool) -> None:
        """A quoted string, an escape or an expansion."""
        raise NotImplementedError

    def made(self, start: int, end: int, parts: list[Part]) -> ShellWord:
        """A word made of the parts."""
        text = self.text[start:end]
        values = [part.value for part in parts if type(part) is Literal]
        literal = "".join(values) if len(values) == len(parts) else None
        if len(parts) == 1 and literal == text:
            first = parts[0]
            if type(first) is Literal and not first.quoted:
                parts = []
        word: ShellWord = ShellWord(text, start, end, literal, tuple(parts))
        return word
