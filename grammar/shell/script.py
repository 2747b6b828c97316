"""A shell script as commands, pipelines and the constructs around them. Made by `parse.py`; rules and facts read it.

The three lists are flat and in the order of the text; each entry knows its number in its list, and what it stands in.
All offsets are in `Script.text`.
"""

from typing import NamedTuple

from stackferry.grammar.shell.word import ShellWord


class Heredoc:
    """What `<<WORD` reads. `name` is its bare terminator, `chomp` means `<<-`, `expand` that `WORD` has no quotes.

    The body goes from `start` to `end`; `body` is the same as a word. `closed` is the offset after the terminator's
    line, or -1 if it is missing, as it is where the script is the line of a RUN whose heredoc the builder reads.
    """

    __slots__ = ("body", "chomp", "closed", "end", "expand", "name", "start")

    def __init__(self, name: str, expand: bool, chomp: bool, at: int) -> None:
        self.name = name
        self.expand = expand
        self.chomp = chomp
        self.start = self.end = at
        self.closed = -1
        self.body = ShellWord("", at, at, "")

    def __repr__(self) -> str:
        return f"Heredoc({self.name!r}, {self.start}, {self.end})"


class Redirect(NamedTuple):
    """A redirection. `descriptor` is what stands before the operator: digits, `{name}` or nothing."""

    operator: str
    descriptor: str
    target: ShellWord
    start: int
    end: int
    heredoc: Heredoc | None = None


class Assignment(NamedTuple):
    """`name=value` before a command. `append`: `+=`; `subscript` is the raw text between `[ ]`."""

    name: str
    value: ShellWord
    start: int
    end: int
    append: bool = False
    subscript: str | None = None


class Command(NamedTuple):
    """A simple command, or `[[ … ]]`.

    `pipeline` is the number of its pipeline and `place` its place there. `within` are the kinds of the constructs
    around it, the outermost first; `parent` is the number of the innermost, or -1. `before` is the operator before it:
    `|`, `&&`, `||`, `;`, `&`, a line feed, or nothing where it is the first of its list.
    """

    number: int
    words: tuple[ShellWord, ...]
    assignments: tuple[Assignment, ...]
    redirects: tuple[Redirect, ...]
    start: int
    end: int
    pipeline: int
    place: int
    within: tuple[str, ...]
    parent: int
    before: str

    @property
    def name(self) -> str | None:
        """The value of the first word; None if there is none or it is not known."""
        return self.words[0].literal if self.words else None

    @property
    def arguments(self) -> tuple[ShellWord, ...]:
        """The words after the name."""
        return self.words[1:]


class Construct(NamedTuple):
    """What commands stand in.

    `kind` is subshell, group, if, while, until, for, select, case, function, arithmetic (`((…))`), substitution or
    process; or a section of one of these: condition, branch (of if and case), body (of loops). Its commands are those
    from number `first` to before `last`. `name` is that of a function or a loop's variable; `words` are a loop's words,
    what `case` asks for, a branch's patterns, or the expression of `((…))`.
    """

    number: int
    kind: str
    start: int
    end: int
    first: int
    last: int
    parent: int
    name: str = ""
    words: tuple[ShellWord, ...] = ()
    redirects: tuple[Redirect, ...] = ()


class Pipeline(NamedTuple):
    """Commands and constructs joined by `|` or `|&`; mostly one.

    `before` and `after` are the operators around it, as for a command; `after` may be `;;`. `test` is if, while or
    until where it belongs to the condition of one. `parent` is the number of the construct it stands in, or -1.
    """

    number: int
    elements: tuple[Command | Construct, ...]
    operators: tuple[str, ...]
    negated: bool
    before: str
    after: str
    test: str
    start: int
    end: int
    parent: int

    @property
    def commands(self) -> tuple[Command, ...]:
        """Its elements that are simple commands."""
        return tuple(element for element in self.elements if type(element) is Command)


class Script(NamedTuple):
    """A script that was read. `broken` is the offset of the first thing that was not understood, or -1."""

    text: str
    commands: tuple[Command, ...]
    pipelines: tuple[Pipeline, ...]
    constructs: tuple[Construct, ...]
    broken: int

    @property
    def complete(self) -> bool:
        """Whether everything was understood."""
        return self.broken < 0

    def inside(self, construct: Construct) -> tuple[Command, ...]:
        """All commands within a construct, however deep."""
        return self.commands[construct.first : construct.last]
