"""Parses the text of a script to commands, pipelines and constructs. The top layer of the scanner in `scan/`.

Input is what a shell would get: the joined text of a RUN, the body of a heredoc, the string of `sh -c`. Any text is
accepted; POSIX sh and bash are parsed alike, because a file does not say which of the two it is written for.
"""

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.scan.compound import CLOSING, FUNCTION, KEYWORDS, RESERVED, Compounds
from stackferry.grammar.shell.scan.cursor import UNREAD_PIPELINE
from stackferry.grammar.shell.script import Command, Construct, Pipeline, Script

_PAIRS = frozenset({"&&", "||", "|&"})
_PIPES = frozenset({"|", "|&"})
_AND_OR = frozenset({"&&", "||"})
_CONSTRUCT = (
    r"(?=\(|(?:[!{]|if|while|until|for|case|select|function|\[\[)[ \t\n;(]"
    r"|[^ \t\n;&|<>()$`\"'\\=]+[ \t]*\([ \t]*\))"
)
_PREFIXES = {
    "!": regex("!"),
    "time": regex(r"time[ \t]++(?:-p[ \t]++)?" + _CONSTRUCT),
    "coproc": regex(r"coproc[ \t]++(?:[A-Za-z_][A-Za-z0-9_]*+[ \t]++)?" + _CONSTRUCT),
}
"""Words before a pipeline; `time` and `coproc` only before a construct, else they are ordinary commands."""


def parse(text: str) -> Script:
    """Parse a script. Never raises; `Script.broken` is where parsing first failed."""
    parser = _Parser(text)
    parser.sequence()
    return Script(text, tuple(parser.commands), tuple(parser.pipelines), tuple(parser.constructs), parser.broken)


class _Parser(Compounds):
    """The parser of lists and pipelines."""

    def sequence(self) -> str:
        """Pipelines up to the end of the enclosing construct; returns its closing token, or empty text."""
        before, joined = "", True
        while True:
            self.newlines()
            at = self.at
            if at >= self.end:
                closer = ""
                break
            closer = self._closer()
            if closer in self.closing:
                break
            if closer or (self.text[at] in "&|;" and not self.text.startswith("&>", at, self.end)):
                self._stray(closer)
                continue
            if not joined:
                self.fail(at)
            before = self._pipeline(before)
            joined = before != ""
            if self.at == at:
                self._stray("")
        if before in _AND_OR:
            self.fail(self.at)
        return closer

    def _closer(self) -> str:
        """The token at the current position if it ends constructs."""
        text, at = self.text, self.at
        char = text[at]
        if char == ")":
            return char
        if char == ";":
            return self._item_end()
        found = RESERVED.match(text, at, self.end)
        return found[0] if found and found[0] in CLOSING else ""

    def _stray(self, token: str) -> None:
        """Skip what cannot stand here: a token that ends nothing, an operator without a command."""
        text, end = self.text, self.end
        self.fail(self.at)
        char = text[self.at]
        self.at += len(token) or 1
        while self.at < end and char in ")&|;(" and text[self.at] == char:
            self.at += 1

    def _pipeline(self, before: str) -> str:
        """One pipeline; returns the operator after it, which is consumed unless it ends a construct or a line."""
        number, start = len(self.pipelines), self.at
        self.pipelines.append(UNREAD_PIPELINE)
        elements: list[Command | Construct] = []
        operators: list[str] = []
        negated, after = self._prefixed(), before
        while True:
            element = self._element(number, len(elements), after)
            if element is not None:
                elements.append(element)
            elif operators or not negated:
                self.fail(self.at)
            after = self._behind()
            if after not in _PIPES:
                break
            operators.append(after)
            self.newlines()
        self._keep(number, start, tuple(elements), tuple(operators), negated, before, after)
        return after

    def _keep(
        self,
        number: int,
        start: int,
        elements: tuple[Command | Construct, ...],
        operators: tuple[str, ...] = (),
        negated: bool = False,
        before: str = "",
        after: str = "",
    ) -> None:
        within = self.within
        test = within[-2] if within and within[-1] == "condition" else ""
        end = elements[-1].end if elements else start
        self.pipelines[number] = Pipeline(
            number, elements, operators, negated, before, after, test, start, end, self.parent
        )

    def _prefixed(self) -> bool:
        """Skip `!` and similar prefixes; True if the pipeline is negated."""
        negated = False
        while found := RESERVED.match(self.text, self.at, self.end):
            prefix = _PREFIXES.get(found[0])
            taken = prefix.match(self.text, self.at, self.end) if prefix else None
            if taken is None:
                break
            negated ^= found[0] == "!"
            self.at = taken.end()
            self.blank()
        return negated

    def _element(self, pipeline: int, place: int, before: str) -> Command | Construct | None:
        """The command or construct that begins here."""
        text, at = self.text, self.at
        if text.startswith("(", at, self.end) and self.depth < self.deepest:
            close = self.arithmetic_close(at + 2) if text.startswith("((", at, self.end) else -1
            return self.subshell() if close < 0 else self.arithmetic(close)
        found = RESERVED.match(text, at, self.end)
        if found:
            if found[0] == "[[":
                return self.test(pipeline, place, before)
            method = KEYWORDS.get(found[0])
            if method and self.depth < self.deepest:
                construct: Construct = getattr(self, method)(found[0])
                return construct
            if found[0] in CLOSING:
                self.fail(at)
                if found[0] in self.closing:
                    return None
        return self._command_or_function(self.simple(pipeline, place, before))

    def _command_or_function(self, command: Command) -> Command | Construct | None:
        """The command just parsed; a function, if it is only the name of one; None if it is empty."""
        if command.end == command.start:
            self.commands.pop()
            return None
        if self.text.startswith("(", self.at, self.end) and len(command.words) == 1 and self.depth < self.deepest:
            name = command.words[0]
            found = FUNCTION.match(self.text, self.at, self.end)
            if found and name.literal is not None and name.end == command.end and name.start == command.start:
                self.commands.pop()
                return self.function(command.start, name, found.end())
        return command

    def _behind(self) -> str:
        """The operator at the current position; a newline or the end of a case item is not consumed."""
        self.blank()
        text, at, end = self.text, self.at, self.end
        if at >= end:
            return ""
        if text[at] == "\n":
            return "\n"
        item_end = self._item_end()
        if item_end:
            return item_end
        operator = text[at : min(at + 2, end)]
        if operator not in _PAIRS:
            operator = operator[0] if operator[0] in "&|;" else ""
        self.at = at + len(operator)
        return operator

    def _item_end(self) -> str:
        """`;;`, `;&` or `;;&` at the current position, else empty."""
        text, at, end = self.text, self.at, self.end
        if text.startswith(";;", at, end):
            return ";;&" if text.startswith(";;&", at, end) else ";;"
        return ";&" if text.startswith(";&", at, end) else ""

    def alone(self) -> None:
        """A command or construct as a pipeline of its own, without the operator after it."""
        number, start = len(self.pipelines), self.at
        self.pipelines.append(UNREAD_PIPELINE)
        element = self._element(number, 0, "")
        if element is None:
            self.fail(start)
        self._keep(number, start, (element,) if element else ())
