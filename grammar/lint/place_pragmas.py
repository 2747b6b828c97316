"""Finds the pragmas in a tree, each with the range that it covers.

A pragma directly above an instruction covers that instruction; other comments may stand between them, a blank line may
not (hadolint's rule, though its own pragmas cover only one line). A pragma inside an instruction, or in a heredoc of
RUN, covers the rest of the instruction. `global` covers the file; `stage` covers the stage whose FROM it is above,
else the rest of the stage that contains it. `# check=` covers the file in its first lines, else the instruction below
it, even across blank lines.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from stackferry.grammar.dockerfile.instruction import Comment, Instruction
from stackferry.grammar.dockerfile.parse import Dockerfile
from stackferry.grammar.lint.pragma import FILE, NEXT, STAGE, Misread, Said, checked, said
from stackferry.grammar.lint.pragmas import NOTHING, Pragma, Pragmas
from stackferry.grammar.regex import regex

_IN_HEREDOC = regex(r"^[ \t]*(#[^\n]*?\b(?:hadolint|stackferry)\b[^\n]*)", re.MULTILINE)


def placed(dockerfile: Dockerfile) -> Pragmas:
    """The pragmas of a tree, in file order."""
    text = dockerfile.source.text
    whole = (0, len(text) + 1)
    pragmas = [
        Pragma(checked(*_directive(directive.value, text, directive.start)), whole)
        for directive in dockerfile.directives
        if directive.name == "check"
    ]
    # The builder refuses invalid directives: `run.py` reports them.
    misread: list[Misread] = []
    directives = {directive.start for directive in dockerfile.directives}
    stages = [instruction.start for instruction in dockerfile.instructions if instruction.keyword == "FROM"]
    for comment, place in _comments(dockerfile):
        if comment.start in directives:
            continue
        found = said(text[comment.start : comment.end], comment.start)
        if isinstance(found, Misread):
            misread.append(found)
        elif found is not None:
            misread += found.misread
            pragmas.append(_placed(found, comment, place, stages, text))
    pragmas.sort(key=lambda pragma: pragma.covers)
    return Pragmas(tuple(pragmas), tuple(sorted(misread, key=lambda problem: problem.start)))


def _directive(value: str, text: str, start: int) -> tuple[str, int]:
    """The options of a `# check=` directive, up to the first blank, and their offset."""
    value = value.partition(" ")[0]
    return value, text.find(value, text.find("=", start) + 1)


class _Place(NamedTuple):
    """Where a comment stands: above or inside an instruction (None: after the last one), `apart` by a blank line.

    `reset`: an empty comment is between them, at which BuildKit starts anew.
    """

    instruction: Instruction | None
    inside: bool = False
    apart: bool = False
    reset: bool = False


def _comments(dockerfile: Dockerfile) -> Iterator[tuple[Comment, _Place]]:
    text = dockerfile.source.text
    for instruction in dockerfile.instructions:
        yield from _above(instruction, text)
        for comment in instruction.inside:
            yield comment, _Place(instruction, inside=True)
        runs = instruction.keyword == "RUN" or (
            instruction.trigger is not None and instruction.trigger.keyword == "RUN"
        )
        for heredoc in instruction.heredocs if runs else ():
            for line in _IN_HEREDOC.finditer(text, heredoc.start, heredoc.end):
                yield Comment(line[1].lstrip("#").strip(), line.start(1), line.end(1)), _Place(instruction, inside=True)
    last = dockerfile.instructions[-1].end if dockerfile.instructions else 0
    for comment in dockerfile.comments:
        if comment.start >= last:
            yield comment, _Place(None)


def _above(instruction: Instruction, text: str) -> Iterator[tuple[Comment, _Place]]:
    """The comments above an instruction, each with what separates it from the instruction; from the last one up."""
    apart = reset = False
    below = instruction.start
    for comment in reversed(instruction.above):
        apart = apart or text.count("\n", comment.end, below) > 1
        reset = reset or not comment.text
        yield comment, _Place(instruction, apart=apart, reset=reset)
        below = comment.start


def _placed(found: Said, comment: Comment, place: _Place, stages: list[int], text: str) -> Pragma:
    end = len(text) + 1
    instruction = place.instruction
    if found.tool == "check":
        if instruction is None or place.inside or place.reset:
            return Pragma(found._replace(scope=NEXT), NOTHING, "`# check=` must be above all instructions")
        return Pragma(found._replace(scope=NEXT), (comment.end, _end(instruction, end)))
    if found.scope == FILE:
        return Pragma(found, (0, end))
    if found.scope == STAGE:
        return _of_stage(found, comment, place, stages, end)
    if instruction is None:
        return Pragma(found, NOTHING, "no instruction follows")
    if place.apart:
        return Pragma(found, NOTHING, "a blank line separates it from the instruction below")
    return Pragma(found, (comment.end, _end(instruction, end)))


def _of_stage(found: Said, comment: Comment, place: _Place, stages: list[int], end: int) -> Pragma:
    below = place.instruction
    above_from = below is not None and below.keyword == "FROM" and not place.inside
    if above_from and place.apart:
        return Pragma(found, NOTHING, "a blank line separates it from FROM")
    if not above_from and (not stages or comment.start < stages[0]):
        return Pragma(found, NOTHING, "it is neither directly above FROM nor in a stage")
    after = below.start if above_from and below is not None else comment.start
    following = bisect_right(stages, after)
    return Pragma(found, (comment.end, stages[following] if following < len(stages) else end))


def _end(instruction: Instruction, end: int) -> int:
    """Where an instruction ends; problems at the end of the file belong to the last instruction."""
    return end if instruction.end == end - 1 else instruction.end
