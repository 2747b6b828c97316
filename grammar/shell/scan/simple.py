"""Simple commands: assignments, words and redirections in any order, up to an operator; and `[[ … ]]`."""

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.scan.cursor import UNREAD_COMMAND, Waiting
from stackferry.grammar.shell.scan.heredoc import Heredocs
from stackferry.grammar.shell.script import Assignment, Command, Heredoc, Redirect
from stackferry.grammar.shell.word import Literal, Part, ShellWord

_PLAIN = regex(r"[ \t]*+([^ \t\n\r;&|<>()$`\"'\\#][^ \t\n\r;&|<>()$`\"'\\]*+)(?=[ \t\n;&|)]|\Z)")
"""A word without special characters, by far the most common kind."""

_ASSIGNED = regex(r"([A-Za-z_][A-Za-z0-9_]*+)(?:\[([^\]\n]*+)\])?(\+?=)")
_REDIRECT = regex(r"([0-9]++|\{[A-Za-z_][A-Za-z0-9_]*+\})?(<<[<-]?|<[>&]|<(?!\()|>[>|&]|>(?!\())|&>>?")
_TEST_OPERATOR = regex(r"&&|\|\||[()<>]")

_MAY_REDIRECT = frozenset("<>&{0123456789")
_ENDS = frozenset("\n;)|")
_HEREDOCS = frozenset({"<<", "<<-"})


class Simple(Heredocs):
    """`simple` reads a command, `redirections` those after a construct."""

    def simple(self, pipeline: int, place: int, before: str) -> Command:
        """The command that begins here."""
        text, end, start = self.text, self.end, self.at
        number = len(self.commands)
        self.commands.append(UNREAD_COMMAND)
        words: list[ShellWord] = []
        assignments: list[Assignment] = []
        redirects: list[Redirect] = []
        while True:
            found = _PLAIN.match(text, self.at, end)
            if found and (words or "=" not in found[1]):
                at, self.at = found.span(1)
                words.append(ShellWord(found[1], at, self.at, found[1], ()))
            elif not self._special(words, assignments, redirects):
                break
        last = start
        for items in (words, assignments, redirects):
            if items and items[-1].end > last:
                last = items[-1].end
        read = tuple(words), tuple(assignments), tuple(redirects)
        command = Command(number, *read, start, last, pipeline, place, self.within, self.parent, before)
        self.commands[number] = command
        return command

    def _special(self, words: list[ShellWord], assignments: list[Assignment], redirects: list[Redirect]) -> bool:
        """Read anything but a plain word; False at the end of the command."""
        self.blank()
        at, text = self.at, self.text
        if at >= self.end or text[at] in _ENDS:
            return False
        if text[at] in _MAY_REDIRECT:
            redirect = self.redirect()
            if redirect:
                redirects.append(redirect)
                return True
        assigned = None if words else _ASSIGNED.match(text, at, self.end)
        if assigned:
            self.at = assigned.end()
            value = self.value()
            operator = assigned[3]
            assignments.append(Assignment(assigned[1], value, at, value.end, operator == "+=", assigned[2]))
            return True
        word = self.word()
        if word.end > at:
            words.append(word)
        return word.end > at

    def value(self) -> ShellWord:
        """The assigned value at the current position: a word, maybe empty, or an array."""
        at = self.at
        if self.depth >= self.deepest or not self.text.startswith("(", at, self.end):
            return self.word()
        parts: list[Part] = []
        self.array(parts)
        return self.made(at, self.at, parts)

    def redirect(self) -> Redirect | None:
        """The redirection that begins here, if one does."""
        start = self.at
        found = _REDIRECT.match(self.text, start, self.end)
        if found is None:
            return None
        self.at = found.end()
        operator = found[2] or found[0]
        self.blank()
        at = self.at
        target = self.word()
        if self.at == at:
            self.fail(start)
            self.at = found.end()
        heredoc = None
        if operator in _HEREDOCS:
            heredoc = self._heredoc(target, operator)
            self.waiting.append(Waiting(heredoc, self.within, self.parent))
        return Redirect(operator, found[1] or "", target, start, max(target.end, found.end()), heredoc)

    def _heredoc(self, word: ShellWord, operator: str) -> Heredoc:
        quoted = any(type(part) is Literal and part.quoted for part in word.pieces)
        name = word.text if word.literal is None else word.literal
        return Heredoc(name, not quoted, operator == "<<-", word.end)

    def redirections(self) -> tuple[Redirect, ...]:
        """Read all redirections at the current position."""
        found: list[Redirect] = []
        while True:
            at = self.at
            self.blank()
            redirect = self.redirect() if self.text[self.at : self.at + 1] in _MAY_REDIRECT else None
            if redirect is None:
                self.at = at
                return tuple(found)
            found.append(redirect)

    def test(self, pipeline: int, place: int, before: str) -> Command:
        """`[[ … ]]` as a command; its operators and parentheses also count as words."""
        start = self.at
        number = len(self.commands)
        self.commands.append(UNREAD_COMMAND)
        self.at += 2
        words = [ShellWord("[[", start, self.at, "[[")]
        while words[-1].literal != "]]" or len(words) == 1:
            self.newlines()
            at = self.at
            found = _TEST_OPERATOR.match(self.text, at, self.end)
            if found and words[-1].text != "=~":
                self.at = found.end()
                words.append(ShellWord(found[0], at, self.at, found[0]))
                continue
            word = self.word(pattern=words[-1].text == "=~")
            if word.end == at:
                self.fail(start)
                break
            words.append(word)
        end = words[-1].end
        redirects = self.redirections()
        if redirects:
            end = redirects[-1].end
        command = Command(
            number, tuple(words), (), redirects, start, end, pipeline, place, self.within, self.parent, before
        )
        self.commands[number] = command
        return command
