"""The syntax tree of a Dockerfile: instructions, their flags, words and heredocs, each with its exact range.

Made by `parse.py`; `facts` and the linter read it. There are two kinds of offsets: in the source text (`start`, `end`),
and in the joined text of an instruction, which has no continuations (`Joined`); a `Word` has both.
"""

from bisect import bisect_right
from typing import NamedTuple


class Joined:
    """An instruction's text as the builder sees it: lines joined, comments and blank lines between them removed.

    `starts[i]` is the offset in `text` of a piece whose offset in the source is `sources[i]`.
    """

    __slots__ = ("sources", "starts", "text")

    def __init__(self, text: str, starts: tuple[int, ...], sources: tuple[int, ...]) -> None:
        self.text = text
        self.starts = starts
        self.sources = sources

    def at(self, offset: int) -> int:
        """The source offset of an offset in the joined text."""
        piece = bisect_right(self.starts, offset) - 1
        return self.sources[piece] + offset - self.starts[piece]

    def end(self, offset: int) -> int:
        """The offset in the source just after the character before `offset`."""
        return self.at(offset - 1) + 1 if offset else self.at(0)


class Word(NamedTuple):
    """A word of an instruction as written, with quotes. `at` is its offset in the joined text."""

    text: str
    start: int
    end: int
    at: int


class Flag(NamedTuple):
    """`--name=value` before the arguments. `value` is None without `=`; quotes are removed, as in BuildKit."""

    name: str
    value: str | None
    word: Word


class Heredoc(NamedTuple):
    """A heredoc: `word` is `<<-"EOF"`, `name` the bare terminator; the body is source text from `start` to `end`.

    `expand`: variables in it are replaced (the word has no quotes). `chomp`: `<<-`, leading tabs are removed.
    `closed`: the
    offset after the terminator's line, or -1 if it is missing.
    """

    name: str
    word: Word
    descriptor: int
    expand: bool
    chomp: bool
    start: int
    end: int
    closed: int


class Pair(NamedTuple):
    """A `name=value` of ENV, LABEL or ARG. `value` is None for `ARG name`; `legacy` is `ENV name value`."""

    name: Word
    value: Word | None
    legacy: bool


class Comment(NamedTuple):
    """A comment line: `text` without `#` and white space around it, from its `#` to the end of the line."""

    text: str
    start: int
    end: int


class Problem(NamedTuple):
    """A reason why a build refuses the file: place, message, remedy. `code` is a kebab-case rule id."""

    code: str
    message: str
    start: int
    end: int
    hint: str = ""


class Instruction:
    """One instruction.

    `keyword` is upper case (`RUN`); `word` as written. `words` are its arguments: split at white space, or by quotes
    for ENV, LABEL and ARG, or one word for the rest of RUN, CMD and the like. `json` are the strings of its exec
    form, None
    if it has none. `pairs` are those of ENV, LABEL, ARG. `trigger` is the instruction in ONBUILD. `above` are the
    comments
    directly above it, `inside` those between its continued lines. `start` and `end` are its range in the source,
    including
    its last line ending and heredocs.
    """

    __slots__ = (
        "above",
        "arguments",
        "blank_lines",
        "end",
        "flags",
        "heredocs",
        "inside",
        "joined",
        "json",
        "keyword",
        "pairs",
        "problems",
        "start",
        "trigger",
        "word",
        "words",
    )

    def __init__(self, keyword: str, word: Word, joined: Joined, start: int, end: int) -> None:
        self.keyword = keyword
        self.word = word
        self.joined = joined
        self.start = start
        self.end = end
        self.arguments = Word("", end, end, len(joined.text))
        self.flags: tuple[Flag, ...] = ()
        self.words: tuple[Word, ...] = ()
        self.json: tuple[Word, ...] | None = None
        self.pairs: tuple[Pair, ...] = ()
        self.heredocs: tuple[Heredoc, ...] = ()
        self.trigger: Instruction | None = None
        self.above: tuple[Comment, ...] = ()
        self.inside: tuple[Comment, ...] = ()
        self.blank_lines: tuple[int, ...] = ()
        self.problems: tuple[Problem, ...] = ()

    def flag(self, name: str) -> Flag | None:
        """The last flag with this name."""
        return next((flag for flag in reversed(self.flags) if flag.name == name), None)

    def flags_named(self, name: str) -> tuple[Flag, ...]:
        """All flags with this name, in order (`--mount` may be repeated)."""
        return tuple(flag for flag in self.flags if flag.name == name)


class Directive(NamedTuple):
    """A parser directive: `# syntax=`, `# escape=`, `# check=`, in the first lines of a file."""

    name: str
    value: str
    start: int
    end: int
