"""Words: plain text, quotes, escapes, patterns, arrays, and the expansions of the layers below."""

import re

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.scan.parameter import Parameters
from stackferry.grammar.shell.word import Elements, Literal, Part, ShellWord

_RUN = regex(r"[^ \t\n\r;&|<>()$`\"'\\]++")
_OPENINGS = regex(r"[<>]?\(++")
_GROUPED = regex(r"[^()$`\"'\\]++")
_ARRAY = regex(r"[A-Za-z_][A-Za-z0-9_]*+(?:\[[^\]\n]*+\])?\+?=")
_WHOLE = regex(r'"([^"\\$`]*+)"')
_DOUBLE = regex(r'(?:[^"\\$`]++|\\.)++', re.DOTALL)
_ESCAPED = regex(r'\\(?:([$`"\\])|\r?\n)')
_BACKSLASHED = frozenset('$`"\\}')
"""The characters that a backslash escapes in an operand within double quotes."""

_PIECES = {"$": "dollar", "`": "backquote", '"': "double", "'": "single", "\\": "escape"}
_EXTENDED = frozenset("?*+@!")


class Words(Parameters):
    """`word` reads a word; the other methods read its parts."""

    def word(self, pattern: bool = False) -> ShellWord:
        """The word that begins here; it may be empty. `pattern`: it follows `=~`, where `(` and `|` are text."""
        start = last = self.at
        text, end = self.text, self.end
        parts: list[Part] = []
        while self.at < end:
            at = self.at
            found = _RUN.match(text, at, end)
            if found:
                self.at = last = found.end()
                parts.append(Literal(found[0], at, last, False))
                continue
            char = text[at]
            if char in _PIECES:
                getattr(self, _PIECES[char])(parts, False)
            elif not self._joined(char, parts, start, pattern):
                break
            if char != "\\" or (parts and parts[-1].end == self.at):
                last = self.at
        return self.made(start, last, parts)

    def piece(self, char: str, parts: list[Part], quoted: bool) -> None:
        """A part that begins with a character that is special in every word. `quoted`: in double quotes."""
        getattr(self, _PIECES[char])(parts, quoted)

    def _joined(self, char: str, parts: list[Part], start: int, pattern: bool) -> bool:
        """Read on at a character that usually ends a word; False if it does."""
        at, text, end = self.at, self.text, self.end
        opens = text.startswith("(", at + (char in "<>"), end)
        if char == "(" and (pattern or (parts and parts[-1].end == at and text[at - 1] in _EXTENDED)):
            self._group(parts)
        elif char == "(" and _ARRAY.fullmatch(text, start, at) and self.depth < self.deepest:
            self.array(parts)
        elif opens and self.depth >= self.deepest:
            self.fail(at)
            found = _OPENINGS.match(text, at, end)
            self.at = found.end() if found else at + 1
            parts.append(Literal(text[at : self.at], at, self.at, False))
        elif opens and char != "(":
            self.substitution(parts, False, char + "(")
        elif (char == "\r" and not text.startswith("\n", at + 1, end)) or (pattern and char == "|"):
            self.at += 1
            parts.append(Literal(char, at, self.at, False))
        else:
            return False
        return True

    def _group(self, parts: list[Part]) -> None:
        """`(a|b)` of an extended pattern or a regular expression, up to the matching parenthesis."""
        start, text, end = self.at, self.text, self.end
        depth = 0
        while self.at < end:
            at = self.at
            found = _GROUPED.match(text, at, end)
            char = text[at]
            if found or char in "()":
                self.at = found.end() if found else at + 1
                parts.append(Literal(text[at : self.at], at, self.at, False))
                depth += 0 if found else 1 if char == "(" else -1
                if not depth:
                    return
            else:
                self.piece(char, parts, False)
        self.fail(start)

    def array(self, parts: list[Part]) -> None:
        """The parenthesis after `name=`: words, possibly on several lines."""
        start, words = self.at, []
        self.at += 1
        self.depth += 1
        while True:
            self.newlines()
            at = self.at
            if at >= self.end:
                self.fail(start)
                break
            if self.text[at] == ")":
                self.at += 1
                break
            word = self.word()
            if self.at == at:
                self.fail(at)
                self.at += 1
            else:
                words.append(word)
        self.depth -= 1
        parts.append(Elements(tuple(words), start, self.at))

    def single(self, parts: list[Part], _quoted: bool) -> None:
        """`'…'`."""
        start = self.at
        close = self.text.find("'", start + 1, self.end)
        if close < 0:
            self.fail(start)
            close = self.end
        parts.append(Literal(self.text[start + 1 : close], start + 1, close, True))
        self.at = min(close + 1, self.end)

    def double(self, parts: list[Part], _quoted: bool) -> None:
        """`"…"`."""
        start, text, end = self.at, self.text, self.end
        found = _WHOLE.match(text, start, end)
        if found:
            self.at = found.end()
            parts.append(Literal(found[1], start + 1, self.at - 1, True))
            return
        before = len(parts)
        self.at += 1
        while True:
            at = self.at
            found = _DOUBLE.match(text, at, end)
            if found:
                self.at = found.end()
                value = found[0]
                if "\\" in value:
                    value = _ESCAPED.sub(r"\1", value)
                parts.append(Literal(value, at, self.at, True))
            if self.at >= end:
                self.fail(start)
                break
            if text[self.at] == '"':
                self.at += 1
                break
            self.piece(text[self.at], parts, True)
        if len(parts) == before:
            parts.append(Literal("", start + 1, start + 1, True))

    def escape(self, parts: list[Part], quoted: bool) -> None:
        """A backslash and the character it escapes; a continued line adds nothing."""
        at, text, end = self.at, self.text, self.end
        after = text[at + 1] if at + 1 < end else ""
        self.at = min(at + 2, end)
        if after == "\n":
            return
        if after == "\r" and text.startswith("\n", at + 2, end):
            self.at += 1
            return
        value = after or "\\"
        if quoted and after and after not in _BACKSLASHED:
            value = "\\" + after
        parts.append(Literal(value, at, self.at, True))

    def translated(self, parts: list[Part], quoted: bool) -> None:
        """`$"…"`, a text to be translated: read as if the dollar sign were absent."""
        self.at += 1
        self.double(parts, quoted)

    def ansi(self, parts: list[Part], _quoted: bool) -> None:
        """`$'…'`, with escapes as in C."""
        from stackferry.grammar.shell.scan.ansi import decoded, end_of

        start = self.at + 2
        close = end_of(self.text, start, self.end)
        if close < 0:
            self.fail(self.at)
            close = self.end
        parts.append(Literal(decoded(self.text[start:close]), start, close, True))
        self.at = min(close + 1, self.end)
