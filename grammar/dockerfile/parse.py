"""Parses text to the tree of a Dockerfile, by hand: one pass over its lines, as in BuildKit's parser.

    lines.py -> words.py (keyword, flags) -> arguments.py (by keyword) -> heredocs -> validate.py (problems)

`dockerfile.lark` states the same grammar for human readers. An instruction that cannot be parsed has a problem; all
others are parsed as if it were not there.
"""

from itertools import pairwise
from typing import NamedTuple

from stackferry.grammar.dockerfile.arguments import READERS
from stackferry.grammar.dockerfile.directives import directives, escape_of
from stackferry.grammar.dockerfile.instruction import Comment, Directive, Heredoc, Instruction, Joined, Problem, Word
from stackferry.grammar.dockerfile.lines import SPACES, LogicalLine, comment_at, line_at, logical_line
from stackferry.grammar.dockerfile.source import BOM, Source, encoded
from stackferry.grammar.dockerfile.validate import problems_of
from stackferry.grammar.dockerfile.words import flags, keyword, word
from stackferry.grammar.suggest import Suggestions

HEREDOC_KEYWORDS = frozenset(("ADD", "COPY", "RUN"))
LONGEST_LINE = 65_535
"""Longest line in bytes, without its newline, that BuildKit reads; it refuses a file with a longer one."""
_TOO_LARGE = "move long scripts and data into files, and copy these"
_DEEPEST = 50
"""Deepest nesting of ONBUILD: two levels are refused already, and nobody writes thousands by mistake."""


class Dockerfile:
    """The tree: instructions in order, comments outside of them, problems of the file as a whole."""

    __slots__ = ("comments", "directives", "escape", "instructions", "problems", "source")

    def __init__(
        self,
        source: Source,
        escape: str,
        directives: tuple[Directive, ...],
        instructions: tuple[Instruction, ...],
        comments: tuple[Comment, ...],
        problems: tuple[Problem, ...],
    ) -> None:
        self.source = source
        self.escape = escape
        self.directives = directives
        self.instructions = instructions
        self.comments = comments
        self.problems = problems


class Limit(NamedTuple):
    """How much of a file is read: number of instructions, and of their characters including heredocs."""

    instructions: int
    characters: int


def parse(source: Source, limit: Limit | None = None) -> Dockerfile:
    """The tree of a text. Never raises: errors are in `problems`, of the file and of its instructions.

    Text beyond a limit is not in the tree, and a problem says so.
    """
    text = source.text
    start = 1 if text.startswith(BOM) else 0
    found, problems = directives(text, start)
    escape = escape_of(found)
    problems += _long_lines(source)
    suggestions = Suggestions()
    instructions: list[Instruction] = []
    comments: list[Comment] = []
    above: list[Comment] = []
    at, size = start, len(text)
    read = 0
    while at < size:
        end, following = line_at(text, at)
        while at < end and text[at] in SPACES:
            at += 1
        if at == end:
            at = following
            continue
        if text[at] == "#":
            comment = comment_at(text, at, end)
            assert comment is not None
            comments.append(comment)
            above.append(comment)
            at = following
            continue
        line = logical_line(text, at, end, following, escape)
        beyond = limit and _beyond(limit, len(instructions), read + line.end - line.start)
        if beyond:
            problems.append(Problem("too-large", beyond, at, end, _TOO_LARGE))
            break
        instruction = _instruction(line, escape)
        instruction.above = tuple(above)
        above.clear()
        if "<<" in line.joined.text:
            _heredocs(instruction, text)
            beyond = limit and _beyond(limit, 0, read + instruction.end - instruction.start)
            if beyond:
                problems.append(Problem("too-large", beyond, at, end, _TOO_LARGE))
                break
        read += instruction.end - instruction.start
        instruction.problems += problems_of(instruction, suggestions)
        instructions.append(instruction)
        at = instruction.end
    if not instructions:
        problems.append(Problem("no-instructions", "file with no instructions", 0, 0, "start with FROM"))
    return Dockerfile(source, escape, tuple(found), tuple(instructions), tuple(comments), tuple(problems))


def _beyond(limit: Limit, instructions: int, characters: int) -> str:
    """The limit that one more instruction exceeds; empty if none."""
    if instructions >= limit.instructions:
        return f"the file has more than {limit.instructions:,} instructions: the rest is ignored"
    if characters > limit.characters:
        return f"the instructions in the file have more than {limit.characters:,} characters: the rest is ignored"
    return ""


def _long_lines(source: Source) -> list[Problem]:
    """The problem of the first line that is too long, if there is one."""
    text = source.text
    if len(text) * 4 <= LONGEST_LINE:
        return []
    for start, following in pairwise((*source.starts, len(text))):
        # A character has four bytes at most.
        if (following - start) * 4 > LONGEST_LINE:
            size = len(encoded(text[start:following].removesuffix("\n")))
            if size > LONGEST_LINE:
                message = f"the line has {size} bytes, and a builder accepts at most {LONGEST_LINE}"
                return [
                    Problem(
                        "line-too-long", message, start, start + 1, "end the line with \\ and continue on the next one"
                    )
                ]
    return []


def _instruction(line: LogicalLine, escape: str) -> Instruction:
    instruction = _read(line.joined, 0, line.start, line.end, escape)
    instruction.inside = line.inside
    instruction.blank_lines = line.blank_lines
    return instruction


def _read(joined: Joined, offset: int, start: int, end: int, escape: str, depth: int = 0) -> Instruction:
    """The instruction at an offset of a joined text: the line's own, or with `depth` the one inside ONBUILD."""
    name, rest = _keyword(joined, offset)
    instruction = Instruction(name.text.upper(), name, joined, start, end)
    instruction.flags, begin = flags(joined, rest, escape)
    text = joined.text
    stop = len(text.rstrip(SPACES))
    while begin < stop and text[begin] in SPACES:
        begin += 1
    if begin < stop:
        instruction.arguments = word(joined, begin, stop)
        reader = READERS.get(instruction.keyword)
        if reader is not None:
            reader(instruction, escape)
            if instruction.words == (instruction.arguments,):
                # The same object for both: a file may have a hundred thousand of them.
                instruction.words = (instruction.arguments,)
        if instruction.keyword == "ONBUILD" and depth < _DEEPEST:
            instruction.trigger = _read(joined, begin, joined.at(begin), end, escape, depth + 1)
    return instruction


def _keyword(joined: Joined, offset: int) -> tuple[Word, int]:
    if not offset:
        return keyword(joined)
    text = joined.text
    end = offset
    while end < len(text) and text[end] not in SPACES:
        end += 1
    rest = end
    while rest < len(text) and text[rest] in SPACES:
        rest += 1
    return word(joined, offset, end), rest


def _heredocs(instruction: Instruction, text: str) -> None:
    """Read the heredoc bodies after the line, and move the end of the instruction after them."""
    holder = instruction.trigger if instruction.trigger is not None else instruction
    if holder.keyword not in HEREDOC_KEYWORDS or instruction.json is not None or holder.json is not None:
        return
    from stackferry.grammar.dockerfile.expansion.error import ExpansionError
    from stackferry.grammar.dockerfile.heredoc import heredocs_in

    joined = instruction.joined
    try:
        announced = heredocs_in(joined.text)
    except ExpansionError as error:
        start = joined.at(error.offset)
        hint = "write a plain word after <<"
        instruction.problems += (Problem("invalid-heredoc", error.message, start, start + 2, hint),)
        return
    found: list[Heredoc] = []
    at, size = instruction.end, len(text)
    for written, offset, name, descriptor, expand, chomp in announced:
        body = at
        closed = -1
        while at < size:
            end, following = line_at(text, at)
            line = text[at:end]
            if (line.lstrip("\t") if chomp else line) == name:
                closed = following
                break
            at = following
        place = word(joined, offset, offset + len(written))
        found.append(Heredoc(name, place, descriptor, expand, chomp, body, at, closed))
        if closed < 0:
            message = f"the heredoc {written} is not closed by a line {name}"
            instruction.problems += (
                Problem("unterminated-heredoc", message, place.start, place.end, f"close it with a line {name}"),
            )
            at = size
            break
        at = closed
    holder.heredocs = tuple(found)
    instruction.heredocs = holder.heredocs
    instruction.end = holder.end = at
