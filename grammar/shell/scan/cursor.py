"""The scanner's position, its results so far, and the constructs that are open. The lowest layer."""

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.script import Command, Construct, Heredoc, Pipeline, Redirect
from stackferry.grammar.shell.value import Value
from stackferry.grammar.shell.word import ShellWord

DEEPEST = 32
"""Deepest nesting of constructs, substitutions and operands; anything deeper is read as text. People write 8."""

MOST = 20_000
"""Most constructs in a script; further ones are treated as too deep. People write 200."""

UNREAD_COMMAND = Command(0, (), (), (), 0, 0, 0, 0, (), -1, "")
UNREAD_PIPELINE = Pipeline(0, (), (), False, "", "", "", 0, 0, -1)
UNREAD_CONSTRUCT = Construct(0, "", 0, 0, 0, 0, -1)
"""Placeholders for entries that are still being read: lists are in the order of beginnings."""

_BLANKS = regex(r"(?:[ \t]++|\\\r?\n|\r(?=\n))*+(?:#[^\n]*+)?")


class Opened(Value):
    """A construct that is being read, and the state to restore after it."""

    __slots__ = ("closing", "first", "kind", "number", "parent", "start", "within")

    def __init__(
        self,
        number: int,
        kind: str,
        start: int,
        first: int,
        within: tuple[str, ...],
        parent: int,
        closing: frozenset[str],
    ) -> None:
        self.number = number
        self.kind = kind
        self.start = start
        self.first = first
        self.within = within
        self.parent = parent
        self.closing = closing


class Waiting(Value):
    """A heredoc whose body begins after the next newline, and the construct that contains its command."""

    __slots__ = ("heredoc", "parent", "within")

    def __init__(self, heredoc: Heredoc, within: tuple[str, ...], parent: int) -> None:
        self.heredoc = heredoc
        self.within = within
        self.parent = parent


class Cursor:
    """A text from `at` to `end`. `closing` are the tokens that end an open construct."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.end = len(text)
        self.broken = -1
        self.commands: list[Command] = []
        self.pipelines: list[Pipeline] = []
        self.constructs: list[Construct] = []
        self.within: tuple[str, ...] = ()
        self.parent = -1
        self.closing: frozenset[str] = frozenset()
        self.depth = 0
        self.deepest = DEEPEST
        self.waiting: list[Waiting] = []
        self.budget = 3 * len(text) + 4096

    def fail(self, at: int) -> None:
        """Note that parsing failed at an offset; the smallest offset counts."""
        if self.broken < 0 or at < self.broken:
            self.broken = at

    def blank(self) -> None:
        """Skip white space, continued lines and a comment."""
        found = _BLANKS.match(self.text, self.at, self.end)
        if found:
            self.at = found.end()

    def newlines(self) -> None:
        """Skip the same, newlines, and the bodies of waiting heredocs."""
        text, end = self.text, self.end
        while True:
            self.blank()
            if self.at >= end or text[self.at] != "\n":
                return
            self.at += 1
            if self.waiting:
                self.bodies()

    def open(self, kind: str, start: int, closing: frozenset[str] = frozenset(), apart: bool = False) -> Opened:
        """Begin a construct that `closing` tokens end. `apart`: nothing inside can end the constructs around it."""
        opened = Opened(len(self.constructs), kind, start, len(self.commands), self.within, self.parent, self.closing)
        self.constructs.append(UNREAD_CONSTRUCT)
        self.within = (*self.within, kind)
        self.parent = opened.number
        self.closing = closing if apart else self.closing | closing
        self.depth += 1
        if opened.number > MOST:
            self.deepest = 0
        return opened

    def close(
        self,
        opened: Opened,
        name: str = "",
        words: tuple[ShellWord, ...] = (),
        redirects: bool = False,
    ) -> Construct:
        """End a construct here, or after its redirections."""
        last = len(self.commands)
        self.within, self.parent, self.closing = opened.within, opened.parent, opened.closing
        self.depth -= 1
        behind = self.redirections() if redirects else ()
        end = behind[-1].end if behind else self.at
        construct = Construct(
            opened.number, opened.kind, opened.start, end, opened.first, last, opened.parent, name, words, behind
        )
        self.constructs[opened.number] = construct
        return construct

    def sequence(self) -> str:
        """Pipelines up to the end of the enclosing construct; returns its closing token, or empty text."""
        raise NotImplementedError

    def bodies(self) -> None:
        """Read the bodies of waiting heredocs from here on."""
        raise NotImplementedError

    def redirections(self) -> tuple[Redirect, ...]:
        """Read all redirections at the current position."""
        raise NotImplementedError
