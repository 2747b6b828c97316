"""The bodies of heredocs: the lines after the one with `<<WORD`, up to the line `WORD`."""

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.scan.cursor import Waiting
from stackferry.grammar.shell.scan.word import Words
from stackferry.grammar.shell.script import Heredoc
from stackferry.grammar.shell.word import Literal, Part, ShellWord

_RUN = regex(r"(?s)(?:[^\\$`]++|\\.|\\\Z)++")
_ESCAPED = regex(r"\\(?:([$`\\])|\r?\n)")
_SPECIAL = frozenset("$`\\")
_INDENT = regex(r"(?m)^\t+")


class Heredocs(Words):
    """`bodies` reads the waiting heredocs."""

    def bodies(self) -> None:
        """Read the bodies of the heredocs of the line that just ended, in order."""
        waiting, self.waiting = self.waiting, []
        for waits in waiting:
            heredoc = waits.heredoc
            self._find(heredoc)
            behind = max(heredoc.closed, heredoc.end)
            heredoc.body = self._body(waits)
            self.at = behind

    def _find(self, heredoc: Heredoc) -> None:
        """Set the body's range. If the body is expanded, a continued line is joined with the next."""
        text, end, at, continued = self.text, self.end, self.at, False
        heredoc.start = at
        while at < end:
            feed = text.find("\n", at, end)
            stop = end if feed < 0 else feed
            line = text[at:stop]
            if not continued and heredoc.name == (line.lstrip("\t") if heredoc.chomp else line).rstrip("\r"):
                heredoc.closed = min(stop + 1, end)
                break
            continued = heredoc.expand and (len(line) - len(line.rstrip("\\"))) % 2 == 1
            at = min(stop + 1, end)
        heredoc.end = at

    def _body(self, waits: Waiting) -> ShellWord:
        heredoc = waits.heredoc
        start, end = heredoc.start, heredoc.end
        text = self.text[start:end]
        if not heredoc.expand or _SPECIAL.isdisjoint(text):
            return ShellWord(text, start, end, _INDENT.sub("", text) if heredoc.chomp else text)
        outer = self.end, self.within, self.parent
        self.at, self.end, self.within, self.parent = start, end, waits.within, waits.parent
        parts: list[Part] = []
        while self.at < end:
            at = self.at
            found = _RUN.match(self.text, at, end)
            if found:
                self.at = found.end()
                value = _INDENT.sub("", found[0]) if heredoc.chomp else found[0]
                parts.append(Literal(_ESCAPED.sub(r"\1", value), at, self.at, True))
            else:
                self.piece(self.text[at], parts, True)
        self.end, self.within, self.parent = outer
        return self.made(start, end, parts)
