"""Expansions with `$` and backquotes: plain variables, commands, arithmetic. `${…}` is in parameter.py.

A substitution is a construct of the script with its own commands; the word has a part that refers to it.
"""

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.scan.cursor import Cursor
from stackferry.grammar.shell.word import Arithmetic, Literal, Part, ShellWord, Substitution, Variable

_NAMED = regex(r"\$(?:([A-Za-z_][A-Za-z0-9_]*+)|\{([A-Za-z_][A-Za-z0-9_]*+)\}|([0-9@*#?$!-]))")
_BACKQUOTED = regex(r"(?s)`((?:[^`\\]++|\\.|\\\Z)*+)(`?)")
_PARENTHESES = regex(r"""(?s)[()]|\\.|'[^']*+'|"(?:[^"\\]++|\\.)*+"|`[^`]*+`""")
_EXPANDED = regex(r"(?s)[$`]|\\.")
_BRACKETED = regex(r"\$\[([^\][`\"'\\\n]*+)\]")

_PARENTHESIS = frozenset({")"})
_METHODS = {"(": "parenthesis", "{": "parameter", "[": "bracket", "'": "ansi", '"': "translated"}
"""The method for the character after a dollar sign."""

_NESTING = frozenset("({")
_UNQUOTED = frozenset("'\"")


class Expansions(Cursor):
    """Every method reads the expansion at `at` and adds its parts; `quoted`: it is in double quotes."""

    def dollar(self, parts: list[Part], quoted: bool) -> None:
        """Any expansion that a dollar sign begins; a lone dollar sign is text."""
        at = self.at
        after = self.text[at + 1] if at + 1 < self.end else ""
        found = None if after == "(" else _NAMED.match(self.text, at, self.end)
        if found:
            self.at = found.end()
            name = found[found.lastindex or 0]
            parts.append(Variable(name, at, self.at, quoted, "", None, None, "", None))
            return
        method = _METHODS.get(after)
        if method is None or (quoted and after in _UNQUOTED):
            self.at = at + 1
            parts.append(Literal("$", at, self.at, quoted))
        elif self.depth >= self.deepest and after in _NESTING:
            self.fail(at)
            self.at = at + 2
            parts.append(Literal("$" + after, at, self.at, quoted))
        else:
            getattr(self, method)(parts, quoted)

    def parenthesis(self, parts: list[Part], quoted: bool) -> None:
        """`$(…)` or `$((…))`."""
        at = self.at
        close = self.arithmetic_close(at + 3) if self.text.startswith("((", at + 1, self.end) else -1
        if close < 0:
            self.substitution(parts, quoted, "$(")
            return
        inner = self.expansions(at + 3, close)
        self.at = close + 2
        parts.append(Arithmetic(self.text[at + 3 : close], at, self.at, quoted, inner))

    def bracket(self, parts: list[Part], quoted: bool) -> None:
        """`$[…]`, bash's old arithmetic; read as text unless it is simple."""
        at = self.at
        found = _BRACKETED.match(self.text, at, self.end)
        if found is None:
            self.at = at + 2
            parts.append(Literal("$[", at, self.at, quoted))
            return
        inner = self.expansions(at + 2, found.end(1))
        self.at = found.end()
        parts.append(Arithmetic(found[1], at, self.at, quoted, inner))

    def substitution(self, parts: list[Part], quoted: bool, opening: str) -> None:
        """`$(…)`, `<(…)` or `>(…)`: commands up to the matching parenthesis."""
        start = self.at
        opened = self.open("substitution" if opening == "$(" else "process", start, _PARENTHESIS, apart=True)
        self.at += 2
        if self.sequence() == ")":
            self.at += 1
        else:
            self.fail(start)
        self.close(opened)
        parts.append(Substitution(opening, start, self.at, quoted, opened.number))

    def backquote(self, parts: list[Part], quoted: bool) -> None:
        """Commands up to the next backquote without a backslash before it, regardless of quotes."""
        start = self.at
        found = _BACKQUOTED.match(self.text, start, self.end)
        if found is None:
            raise AssertionError("called at a backquote")
        if not found[2] or self.depth >= self.deepest:
            self.fail(start)
        if self.depth >= self.deepest:
            self.at = found.end()
            parts.append(Literal(found[0], start, self.at, quoted))
            return
        opened = self.open("substitution", start, apart=True)
        if "\\" in found[1]:
            from stackferry.grammar.shell.scan.relocate import read_unescaped

            read_unescaped(self, start + 1, found.end(1), quoted)
        else:
            self.between(start + 1, found.end(1))
        self.at = found.end()
        self.close(opened)
        parts.append(Substitution("`", start, self.at, quoted, opened.number))

    def between(self, start: int, end: int) -> None:
        """All commands in a range of the text. A heredoc that begins in the range ends in it."""
        outer, waiting = self.end, self.waiting
        self.at, self.end, self.waiting = start, end, []
        self.sequence()
        self.end, self.waiting = outer, waiting

    def expansions(self, start: int, end: int) -> tuple[Part, ...]:
        """The expansions in a range of arithmetic."""
        parts: list[Part] = []
        outer = self.end
        self.at, self.end = start, end
        while found := _EXPANDED.search(self.text, self.at, end):
            self.at = found.start()
            match found[0]:
                case "$":
                    self.dollar(parts, True)
                case "`":
                    self.backquote(parts, True)
                case _:
                    self.at = found.end()
        self.end = outer
        return tuple(part for part in parts if type(part) is not Literal)

    def arithmetic_close(self, at: int) -> int:
        """The offset of the `))` that closes arithmetic beginning at `at`, or -1 if it cannot be arithmetic.

        `((a); b)` is two subshells. Looking ahead costs budget; once that is used up, nothing counts as arithmetic.
        """
        if self.budget <= 0:
            return -1
        depth, close = 0, self.end
        for found in _PARENTHESES.finditer(self.text, at, self.end):
            if found[0] == "(":
                depth += 1
            elif found[0] == ")":
                if not depth:
                    close = found.start()
                    break
                depth -= 1
        self.budget -= close - at
        return close if self.text.startswith("))", close, self.end) else -1

    def expression(self, start: int, end: int) -> ShellWord:
        """The content of `((…))` as a word."""
        parts = self.expansions(start, end)
        text = self.text[start:end]
        return ShellWord(text, start, end, None if parts else text, parts)

    def parameter(self, parts: list[Part], quoted: bool) -> None:
        """`${…}`."""
        raise NotImplementedError
