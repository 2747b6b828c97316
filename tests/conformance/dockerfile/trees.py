"""Our parser beside BuildKit's: what differs in the tree of one file, each difference with a kind that groups it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from stackferry.grammar.dockerfile.arguments import READERS
from stackferry.grammar.dockerfile.dump import dump
from stackferry.grammar.dockerfile.instruction import Instruction, Problem
from stackferry.grammar.dockerfile.lines import SPACES
from stackferry.grammar.dockerfile.parse import Dockerfile, parse
from stackferry.grammar.dockerfile.source import BOM, Source, decoded
from tests.buildkit.oracle import Answer, Parsed

NOT_OF_ONE_INSTRUCTION = re.compile(
    r"no build stage in current context|dockerfile contains no stages to build|"
    r"dockerfile line greater than max allowed size"
)
"""Errors that BuildKit finds on the way, but not in the tree: rules of the linter say them."""

_PARTICULAR = re.compile(
    r"\"[^\"]*\"|'[^']*'|line \d+|\d+|: \S+$|\[.*\]|\(did you mean.*\)|instruction: .*|(?<=ag: ).*"
)


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
        return [*_verdict(dockerfile, answer), *(() if answer.refused else _tree(dockerfile, answer))]
    except Exception as error:  # noqa: BLE001 - whatever comes is a bug of ours, which must show
        return [Difference(f"crash {type(error).__name__}", "", f"{type(error).__name__}: {error}"[:300])]


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
            yield Difference(f"we refuse: {problem.code} {_general(problem.message)}", "valid", problem.message)
        return
    if NOT_OF_ONE_INSTRUCTION.search(error.message):
        return
    place = dockerfile.source.position
    if not ours:
        yield Difference(f"we accept: {_general(error.message)}", error.message, "valid")
    elif error.start and not any(error.start <= place(one.start).line <= error.end for one in ours):
        if "parser directive" in error.message or "escape token" in error.message:
            # Of a directive, BuildKit tells the line before.
            return
        lines = ", ".join(f"{place(problem.start).line} {problem.code}" for problem in ours)
        yield Difference(f"other place: {_general(error.message)}", f"{error.start}: {error.message}", lines)


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
    text = dump(dockerfile)
    if text != answer.dump:
        pairs = zip(answer.dump.split("\n"), text.split("\n"), strict=False)
        line = next((pair for pair in pairs if pair[0] != pair[1]), (answer.dump, text))
        name = line[0][1:].split(" ")[0].rstrip(")")
        yield Difference(f"dump of {name if name.upper() in READERS else 'an unknown instruction'}", *line)


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

    BuildKit drops the first character of the line, which of an indented comment is not the `#`.
    """
    directives = {directive.start for directive in dockerfile.directives}
    found: list[str] = []
    for comment in instruction.above:
        line = dockerfile.source.line(dockerfile.source.position(comment.start).line).removeprefix(BOM)
        text = comment.text if line.startswith("#") else line[1:].strip(SPACES)
        if comment.start not in directives:
            found = [*found, text] if text else []
    return found


def _general(message: str) -> str:
    """A message without what is particular to the file."""
    return _PARTICULAR.sub("_", message.removeprefix("dockerfile parse error on "))[:90]
