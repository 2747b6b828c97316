"""Splits a command string into words, as mattn/go-shellwords does, without expansion.

Used by the typing phase for `command`, `entrypoint` and hooks.
"""

from stackferry.grammar.compose.syntax.short_forms import ShorthandError

_BREAKS = frozenset(";&|<>")
_BLANKS = frozenset(" \t\r\n")


def split_command(text: str) -> list[str]:
    """The words; quotes and backslashes as in a shell. An unquoted `;`, `&`, `|`, `<` or `>` ends the command.

    Raises ShorthandError for unbalanced quotes.
    """
    splitter = _Splitter(text)
    for letter in text:
        if not splitter.take(letter):
            return splitter.finished()
    if splitter.escaped or splitter.quote:
        raise ShorthandError(f"unbalanced quotes or parentheses in command {text!r}", "use the list form")
    return splitter.finished()


class _Splitter:
    """The words so far, and whether a quote (`'`, `"`, a backtick, or `)` for `$(`) is open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] = []
        self.word: list[str] = []
        self.begun = self.escaped = False
        self.quote = ""

    def take(self, letter: str) -> bool:
        """Take one character; False if the command ends here."""
        if self.escaped:
            self.escaped = False
            self._add(letter)
        elif letter == "\\" and self.quote != "'":
            self.escaped = True
        elif letter in _BLANKS and not self.quote:
            self._end_word()
        elif letter in "'\"" and self.quote in ("", "`", letter):
            # An empty quoted word counts as a word once the quotes are closed.
            self.begun = self.begun or self.quote == letter
            self.quote = "" if self.quote == letter else letter
        elif letter in _BREAKS and not self.quote:
            # A digit before > is a file descriptor, not a word.
            self.begun = self.begun and not (letter == ">" and self.word[:1] and self.word[0] in "0123456789")
            return False
        else:
            self.quote = self._nested(letter)
            self._add(letter)
        return True

    def finished(self) -> list[str]:
        """All words."""
        self._end_word()
        return self.words

    def _add(self, letter: str) -> None:
        self.word.append(letter)
        self.begun = True

    def _end_word(self) -> None:
        if self.begun:
            self.words.append("".join(self.word))
            self.word, self.begun = [], False

    def _nested(self, letter: str) -> str:
        """The quote state after a character that stays in the word: a command substitution is part of one word."""
        if letter == "`" and self.quote in ("", "`"):
            return "" if self.quote else "`"
        if letter == ")" and self.quote in ("", ")"):
            return "" if self.quote else ")"
        if letter == "(" and self.quote in ("", ")"):
            if self.quote or self.word[-1:] != ["$"]:
                hint = "quote it, or use the list form"
                raise ShorthandError(f"unquoted parenthesis in command {self.text!r}", hint)
            return ")"
        return self.quote
