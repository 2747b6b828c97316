"""Our parser against BuildKit's: the differences in the tree of one file, each with a kind to group it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from stackferry.grammar.dockerfile.arguments import READERS
from stackferry.grammar.dockerfile.dump import dump
from stackferry.grammar.dockerfile.instruction import Instruction, Problem
from stackferry.grammar.dockerfile.lines import SPACES
from stackferry.grammar.dockerfile.parse import Dockerfile, parse
from stackferry.grammar.dockerfile.source import BOM, Source, decoded, encoded
from tests.buildkit.oracle import Answer, Parsed

NOT_OF_THE_TREE = re.compile(
    r"no build stage in current context|dockerfile contains no stages to build|"
    r"csv mounts|'from' doesn't support variable|csv devices|device name already|unexpected key|invalid field"
)
"""Errors that BuildKit finds on the way, but not in the tree: of stages, mounts and devices. Rules of ours say them."""

PLACELESS = re.compile(r"parser directive|escape token|file with no instructions|max allowed size")
"""Errors whose line BuildKit counts from 0, or takes from wherever it stands."""

_UNREADABLE = re.compile(r"\\x[89a-f][0-9a-f]|\\ud[89a-f][0-9a-f]{2}")
"""Bytes that are no UTF-8, as a dump shows them. BuildKit keeps them in some places and not in others; we keep them."""

_STRANGE_FLAG = re.compile(r"^\((?:onbuild \()*[^ ]* \[(?:\"(?:[^\"\\]|\\.)*\" ?)*?\"[^\"]*(\\|[^\x00-\x7f])")
"""A dump with a flag that is not ASCII: BuildKit takes each of its bytes for a character of its own."""

_PARTICULAR = re.compile(
    r"(?<=failed to process )\".*\"(?=: )|\"[^\"]*\"|'[^']*'|line \d+|\d+|\[.*\]|\(did you mean.*\)|"
    r"(?<=instruction: ).*|(?<=flag: ).*|(?<=rules: ).*|(?<=stage: ).*|: \S+$|[^\x00-\x7f]+"
)
"""What in a message is of one file: quoted pieces, numbers, names."""

_HEAD = re.compile(rb"\s*\S+(\s+--\S*)*\s*\S*")
"""The keyword, the flags and the first argument."""


class Difference(NamedTuple):
    """One thing that differs. `kind` is the same for differences of one cause, as far as that can be told."""

    kind: str
    peer: str
    ours: str

    def __str__(self) -> str:
        return f"{self.kind}\n  BuildKit: {self.peer}\n  ours:     {self.ours}"


def differences(content: bytes, answer: Answer) -> list[Difference]:
    """What differs between BuildKit's answer and our tree; a crash of ours is the only difference then."""
    try:
        dockerfile = parse(Source(decoded(content)))
        if any(map(_has_odd_blanks, answer.parsed)):
            return []
        return [*_verdict(dockerfile, answer), *(() if answer.refused else _tree(dockerfile, answer))]
    except Exception as error:  # noqa: BLE001 - whatever comes is a bug of ours, which must show
        return [Difference(f"crash {type(error).__name__}", "", f"{type(error).__name__}: {error}"[:300])]


def _has_odd_blanks(node: Parsed) -> bool:
    """Whether the bytes 85 or A0 stand where BuildKit looks for flags.

    It takes them for white space there, in the midst of a character too. That is no way to write a Dockerfile, and we
    go by characters.
    """
    head = _HEAD.match(node.joined.encode("utf-8", "surrogateescape"))
    return head is not None and (b"\x85" in head[0] or b"\xa0" in head[0])


def problems(dockerfile: Dockerfile) -> list[Problem]:
    """All that is wrong with a file, in its order."""
    found = [*dockerfile.problems, *(problem for one in dockerfile.instructions for problem in one.problems)]
    return sorted(found, key=lambda problem: problem.start)


def _verdict(dockerfile: Dockerfile, answer: Answer) -> Iterator[Difference]:
    """Whether both refuse the file, and whether we have a problem where BuildKit has its one."""
    error = answer.refused or answer.faulty
    ours = problems(dockerfile)
    if error is None:
        for problem in ours[:1]:
            yield Difference(f"we refuse: {problem.code} {general(problem.message)}", "valid", problem.message)
        return
    if NOT_OF_THE_TREE.search(error.message):
        return
    place = dockerfile.source.position
    if not ours:
        yield Difference(f"we accept: {general(error.message)}", error.message, "valid")
    elif error.start and not any(error.start <= place(one.start).line <= error.end for one in ours):
        if PLACELESS.search(error.message):
            return
        lines = ", ".join(f"{place(problem.start).line} {problem.code}" for problem in ours)
        yield Difference(f"other place: {general(error.message)}", f"{error.start}: {error.message}", lines)


def _tree(dockerfile: Dockerfile, answer: Answer) -> Iterator[Difference]:
    if dockerfile.escape != answer.escape:
        yield Difference("escape", answer.escape, dockerfile.escape)
    if len(dockerfile.instructions) != len(answer.parsed):
        yield Difference("count", str(len(answer.parsed)), str(len(dockerfile.instructions)))
        return
    for instruction, node in zip(dockerfile.instructions, answer.parsed, strict=True):
        yield from _node(dockerfile, instruction, node)
    blank = {
        dockerfile.source.position(instruction.end - 1).line
        for instruction in dockerfile.instructions
        if instruction.blank_lines and not instruction.heredocs
    }
    warned = {note.start for note in answer.notes} - {
        node.end - sum(one.body.count("\n") + 1 for one in node.heredocs) for node in answer.parsed if node.heredocs
    }
    if blank != warned:
        yield Difference("blank continuation lines", str(sorted(warned)), str(sorted(blank)))
    yield from _dumps(dockerfile, answer)


def _dumps(dockerfile: Dockerfile, answer: Answer) -> Iterator[Difference]:
    """The first instruction that is dumped differently."""
    # The parts of an instruction are on lines of their own where one is inside another.
    theirs, ours = (_UNREADABLE.sub("\ufffd", text).split("\n") for text in (answer.dump, dump(dockerfile)))
    if len(theirs) != len(ours):
        yield Difference("lines of the dump", answer.dump, dump(dockerfile))
        return
    for instruction, their_line, our_line in zip(dockerfile.instructions, theirs, ours, strict=True):
        innermost = instruction
        while innermost.trigger is not None:
            innermost = innermost.trigger
        # An unknown instruction has no arguments to BuildKit.
        if their_line != our_line and innermost.keyword in READERS and not _STRANGE_FLAG.search(our_line):
            yield Difference(f"dump of {instruction.keyword.lower()}", their_line, our_line)
            return


def _node(dockerfile: Dockerfile, instruction: Instruction, node: Parsed) -> Iterator[Difference]:
    """One instruction, but for its arguments, which the dump has."""
    place = dockerfile.source.position
    name = instruction.keyword.lower() if instruction.keyword in READERS else "an unknown instruction"
    ours = {
        "keyword": instruction.word.text,
        "first line": place(instruction.start).line,
        "last line": place(instruction.end - 1).line,
        "joined text": instruction.joined.text,
        "exec form": instruction.json is not None,
        "comments": list(_comments(dockerfile, instruction)),
        "heredocs": [
            (one.name, one.descriptor, one.expand, one.chomp, dockerfile.source.text[one.start : one.end])
            for one in instruction.heredocs
        ],
    }
    theirs = {
        "keyword": node.keyword,
        "first line": node.start,
        "last line": node.end,
        "joined text": node.joined,
        "exec form": node.json,
        "comments": list(node.comments),
        "heredocs": [tuple(one) for one in node.heredocs],
    }
    for what, value in theirs.items():
        if ours[what] != value:
            yield Difference(f"{what} of {name}", repr(value), repr(ours[what]))


def _comments(dockerfile: Dockerfile, instruction: Instruction) -> list[str]:
    """The comments above an instruction as BuildKit counts them: parser directives are none, an empty one ends them.

    BuildKit drops the first byte of the line, which of an indented comment is not the `#`.
    """
    directives = {directive.start for directive in dockerfile.directives}
    found: list[str] = []
    for comment in instruction.above:
        line = dockerfile.source.line(dockerfile.source.position(comment.start).line).removeprefix(BOM)
        text = decoded(encoded(line)[1:]).strip(SPACES)
        if comment.start not in directives:
            found = [*found, text] if text else []
    return found


def general(message: str) -> str:
    """A message without what is particular to the file."""
    return _PARTICULAR.sub("_", message.removeprefix("dockerfile parse error on "))[:90]
