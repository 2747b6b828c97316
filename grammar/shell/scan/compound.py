"""Constructs that contain commands: `( )`, `{ }`, if, loops, case, functions, `((…))`.

A table maps the first word to the method that reads the construct. A construct that is not closed is noted and ends
where an enclosing one does, so that one forgotten `fi` costs only its own construct.
"""

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.scan.cursor import Opened
from stackferry.grammar.shell.scan.simple import Simple
from stackferry.grammar.shell.script import Construct
from stackferry.grammar.shell.word import ShellWord

RESERVED = regex(r"(?:[a-z]{2,8}+|[!{}]|\[\[)(?=[ \t\n\r;&|()]|[<>](?!\()|\\\r?\n|\Z)")
"""Candidates for reserved words; KEYWORDS and CLOSING list the real ones."""

CLOSING = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})
KEYWORDS = {
    "if": "conditional",
    "while": "loop",
    "until": "loop",
    "for": "iteration",
    "select": "iteration",
    "case": "case",
    "function": "keyword_function",
    "{": "group",
}
"""The method for each first word."""

FUNCTION = regex(r"[ \t]*+\([ \t]*+\)")

_IF = frozenset({"then", "elif", "else", "fi"})
_LOOP = frozenset({"do", "done"})
_CASE = frozenset({"esac", ";;", ";&", ";;&"})
_BRACE = frozenset({"}"})
_PARENTHESIS = frozenset({")"})
_ITEM_END = frozenset({";;", ";&", ";;&"})


class Compounds(Simple):
    """Every method reads the construct that begins at `at`, redirections included."""

    def section(self, kind: str, may_be_empty: bool = False, words: tuple[ShellWord, ...] = ()) -> str:
        """Read the commands of a section; returns the token that ends it."""
        opened = self.open(kind, self.at)
        count = len(self.pipelines)
        closer = self.sequence()
        if not may_be_empty and len(self.pipelines) == count:
            self.fail(self.at)
        self.close(opened, words=words)
        return closer

    def ended(
        self, opened: Opened, by: str, closer: str, name: str = "", words: tuple[ShellWord, ...] = ()
    ) -> Construct:
        """Finish a construct, which the token `by` should end."""
        if closer == by:
            self.at += len(by)
        else:
            self.fail(opened.start)
        return self.close(opened, name, words, redirects=True)

    def conditional(self, keyword: str) -> Construct:
        """`if …; then …; elif …; then …; else …; fi`."""
        opened = self.open("if", self.at, _IF)
        self.at += len(keyword)
        closer = "elif"
        while closer == "elif":
            closer = self.section("condition")
            if closer != "then":
                self.fail(opened.start)
                break
            self.at += len(closer)
            closer = self.section("branch")
            if closer in ("elif", "else"):
                self.at += len(closer)
        if closer == "else":
            closer = self.section("branch")
        return self.ended(opened, "fi", closer)

    def loop(self, keyword: str) -> Construct:
        """`while …; do …; done`, and the same with `until`."""
        opened = self.open(keyword, self.at, _LOOP)
        self.at += len(keyword)
        closer = self.section("condition")
        if closer == "do":
            self.at += len(closer)
            closer = self.section("body")
        else:
            self.fail(opened.start)
        return self.ended(opened, "done", closer)

    def iteration(self, keyword: str) -> Construct:
        """`for name in words; do …; done`, `select`, and `for ((…))`; the body may be in braces."""
        opened = self.open(keyword, self.at, _LOOP)
        self.at += len(keyword)
        self.blank()
        if self.text.startswith("((", self.at, self.end):
            name, words = "", self._header(opened.start)
        else:
            variable = self.word()
            name = variable.literal or ""
            if not name.isidentifier():
                self.fail(variable.start)
            self.newlines()
            words = self._listed()
        self.blank()
        if self.text.startswith(";", self.at, self.end):
            self.at += 1
        self.newlines()
        found = RESERVED.match(self.text, self.at, self.end)
        if found and found[0] == "{":
            self.closing |= _BRACE
        elif not found or found[0] != "do":
            return self.ended(opened, "done", "", name, words)
        by = "}" if found[0] == "{" else "done"
        self.at = found.end()
        return self.ended(opened, by, self.section("body"), name, words)

    def _header(self, start: int) -> tuple[ShellWord, ...]:
        """The three expressions of `for ((…))` as one word."""
        close = self.arithmetic_close(self.at + 2)
        if close < 0:
            self.fail(start)
            return ()
        word = self.expression(self.at + 2, close)
        self.at = close + 2
        return (word,)

    def _listed(self) -> tuple[ShellWord, ...]:
        """The words after `in`, if there is one."""
        found = RESERVED.match(self.text, self.at, self.end)
        if found is None or found[0] != "in":
            return ()
        self.at = found.end()
        words: list[ShellWord] = []
        while True:
            self.blank()
            at = self.at
            word = self.word()
            if word.end == at:
                return tuple(words)
            words.append(word)

    def case(self, keyword: str) -> Construct:
        """`case word in pattern|pattern) …;; esac`; each item is a branch whose words are the patterns."""
        opened = self.open("case", self.at, _CASE)
        self.at += len(keyword)
        self.blank()
        subject = self.word()
        self.newlines()
        found = RESERVED.match(self.text, self.at, self.end)
        closer = ";;"
        if found and found[0] == "in":
            self.at = found.end()
        else:
            closer = ""
        while closer in _ITEM_END:
            self.newlines()
            found = RESERVED.match(self.text, self.at, self.end)
            closer = found[0] if found and found[0] == "esac" else self._item()
            if closer in _ITEM_END:
                self.at += len(closer)
        return self.ended(opened, "esac", closer, words=(subject,))

    def _item(self) -> str:
        """`pattern|pattern) commands`; returns the token that ends it, empty if this is no item."""
        text, end = self.text, self.end
        patterns: list[ShellWord] = []
        if text.startswith("(", self.at, end):
            self.at += 1
        while True:
            self.newlines()
            at = self.at
            word = self.word()
            if word.end > at:
                patterns.append(word)
            self.blank()
            if not text.startswith("|", self.at, end):
                break
            self.at += 1
        if not patterns or not text.startswith(")", self.at, end):
            self.fail(self.at)
            return ""
        self.at += 1
        return self.section("branch", may_be_empty=True, words=tuple(patterns))

    def group(self, keyword: str) -> Construct:
        """`{ …; }`."""
        opened = self.open("group", self.at, _BRACE)
        self.at += len(keyword)
        return self._filled(opened, "}")

    def subshell(self) -> Construct:
        """`( … )`."""
        opened = self.open("subshell", self.at, _PARENTHESIS)
        self.at += 1
        return self._filled(opened, ")")

    def _filled(self, opened: Opened, by: str) -> Construct:
        count = len(self.pipelines)
        closer = self.sequence()
        if len(self.pipelines) == count:
            self.fail(opened.start)
        return self.ended(opened, by, closer)

    def arithmetic(self, close: int) -> Construct:
        """`((…))`, whose end is known."""
        opened = self.open("arithmetic", self.at)
        word = self.expression(self.at + 2, close)
        self.at = close + 2
        return self.close(opened, words=(word,), redirects=True)

    def keyword_function(self, keyword: str) -> Construct:
        """`function name { … }`, with or without `()`."""
        start = self.at
        self.at += len(keyword)
        self.blank()
        name = self.word()
        if not name.text:
            self.fail(start)
        found = FUNCTION.match(self.text, self.at, self.end)
        return self.function(start, name, found.end() if found else self.at)

    def function(self, start: int, name: ShellWord, at: int) -> Construct:
        """A function whose body begins at `at` or on a later line."""
        opened = self.open("function", start)
        self.at = at
        self.newlines()
        self.alone()
        return self.close(opened, name.text)

    def alone(self) -> None:
        """A command or construct as a pipeline of its own, without the operator after it."""
        raise NotImplementedError
