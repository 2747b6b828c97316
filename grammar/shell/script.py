"""A parsed shell script: commands, pipelines, enclosing constructs. Made by `parse.py`; rules and facts read it.

The three lists are flat and in text order; each entry knows its number in its list, and its parent.
All offsets are in `Script.text`.
"""

from stackferry.grammar.shell.value import Value
from stackferry.grammar.shell.word import ShellWord


class Heredoc(Value):
    """A heredoc. `name` is its terminator without quotes, `chomp` means `<<-`, `expand` that `WORD` has no quotes.

    The body goes from `start` to `end`; `body` is the same as a word. `closed` is the offset after the terminator's
    line, or -1 if it is missing, as in the line of a RUN whose heredoc the builder reads.
    """

    __slots__ = ("body", "chomp", "closed", "end", "expand", "name", "start")

    def __init__(self, name: str, expand: bool, chomp: bool, at: int) -> None:
        self.name = name
        self.expand = expand
        self.chomp = chomp
        self.start = self.end = at
        self.closed = -1
        self.body = ShellWord("", at, at, "")


class Redirect(Value):
    """A redirection. `descriptor` is the text before the operator: digits, `{name}` or nothing."""

    __slots__ = ("descriptor", "end", "heredoc", "operator", "start", "target")

    def __init__(
        self, operator: str, descriptor: str, target: ShellWord, start: int, end: int, heredoc: Heredoc | None = None
    ) -> None:
        self.operator = operator
        self.descriptor = descriptor
        self.target = target
        self.start = start
        self.end = end
        self.heredoc = heredoc


class Assignment(Value):
    """`name=value` before a command. `append`: `+=`; `subscript` is the raw text between `[ ]`."""

    __slots__ = ("append", "end", "name", "start", "subscript", "value")

    def __init__(
        self, name: str, value: ShellWord, start: int, end: int, append: bool = False, subscript: str | None = None
    ) -> None:
        self.name = name
        self.value = value
        self.start = start
        self.end = end
        self.append = append
        self.subscript = subscript


class Command(Value):
    """A simple command, or `[[ … ]]`.

    `pipeline` is the number of its pipeline and `place` its index there. `within` are the kinds of the enclosing
    constructs, the outermost first; `parent` is the number of the innermost, or -1. `before` is the operator before it:
    `|`, `&&`, `||`, `;`, `&`, a newline, or empty for the first command of its list.
    """

    __slots__ = (
        "assignments",
        "before",
        "end",
        "number",
        "parent",
        "pipeline",
        "place",
        "redirects",
        "start",
        "within",
        "words",
    )

    def __init__(
        self,
        number: int,
        words: tuple[ShellWord, ...],
        assignments: tuple[Assignment, ...],
        redirects: tuple[Redirect, ...],
        start: int,
        end: int,
        pipeline: int,
        place: int,
        within: tuple[str, ...],
        parent: int,
        before: str,
    ) -> None:
        self.number = number
        self.words = words
        self.assignments = assignments
        self.redirects = redirects
        self.start = start
        self.end = end
        self.pipeline = pipeline
        self.place = place
        self.within = within
        self.parent = parent
        self.before = before

    @property
    def name(self) -> str | None:
        """The value of the first word; None if there is none or it is not known."""
        return self.words[0].literal if self.words else None

    @property
    def arguments(self) -> tuple[ShellWord, ...]:
        """The words after the name."""
        return self.words[1:]


class Construct(Value):
    """A construct that contains commands.

    `kind` is subshell, group, if, while, until, for, select, case, function, arithmetic (`((…))`), substitution or
    process; or a section of one of these: condition, branch (of if and case), body (of loops). Its commands are those
    from number `first` to before `last`. `name` is that of a function or a loop's variable; `words` are a loop's words,
    the subject of `case`, a branch's patterns, or the expression of `((…))`.
    """

    __slots__ = ("end", "first", "kind", "last", "name", "number", "parent", "redirects", "start", "words")

    def __init__(
        self,
        number: int,
        kind: str,
        start: int,
        end: int,
        first: int,
        last: int,
        parent: int,
        name: str = "",
        words: tuple[ShellWord, ...] = (),
        redirects: tuple[Redirect, ...] = (),
    ) -> None:
        self.number = number
        self.kind = kind
        self.start = start
        self.end = end
        self.first = first
        self.last = last
        self.parent = parent
        self.name = name
        self.words = words
        self.redirects = redirects


class Pipeline(Value):
    """Commands and constructs joined by `|` or `|&`; mostly just one.

    `before` and `after` are the operators around it, as for a command; `after` may be `;;`. `test` is if, while or
    until if it is part of such a condition. `parent` is the number of the enclosing construct, or -1.
    """

    __slots__ = ("after", "before", "elements", "end", "negated", "number", "operators", "parent", "start", "test")

    def __init__(
        self,
        number: int,
        elements: tuple[Command | Construct, ...],
        operators: tuple[str, ...],
        negated: bool,
        before: str,
        after: str,
        test: str,
        start: int,
        end: int,
        parent: int,
    ) -> None:
        self.number = number
        self.elements = elements
        self.operators = operators
        self.negated = negated
        self.before = before
        self.after = after
        self.test = test
        self.start = start
        self.end = end
        self.parent = parent

    @property
    def commands(self) -> tuple[Command, ...]:
        """The simple commands among its elements."""
        return tuple(element for element in self.elements if type(element) is Command)


class Script(Value):
    """A parsed script. `broken` is the offset where parsing first failed, or -1."""

    __slots__ = ("broken", "commands", "constructs", "pipelines", "text")

    def __init__(
        self,
        text: str,
        commands: tuple[Command, ...],
        pipelines: tuple[Pipeline, ...],
        constructs: tuple[Construct, ...],
        broken: int,
    ) -> None:
        self.text = text
        self.commands = commands
        self.pipelines = pipelines
        self.constructs = constructs
        self.broken = broken

    @property
    def complete(self) -> bool:
        """Whether all of it was parsed."""
        return self.broken < 0

    def inside(self, construct: Construct) -> tuple[Command, ...]:
        """All commands within a construct, however deep."""
        return self.commands[construct.first : construct.last]
