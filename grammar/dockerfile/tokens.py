"""A tree back to text: every token with its exact range, without gaps or overlaps.

`render(parse(source)) == source.text` for any text, because the tokens cover it. Fixes and property tests rely on it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from stackferry.grammar.dockerfile.instruction import Instruction
from stackferry.grammar.dockerfile.parse import Dockerfile


class Token(NamedTuple):
    """A range of the source. `kind`: keyword, flag, word, heredoc, comment, directive, or space (all else)."""

    kind: str
    start: int
    end: int
    text: str


def tokens(dockerfile: Dockerfile) -> Iterator[Token]:
    """All tokens, in order; together they are the whole text."""
    text = dockerfile.source.text
    at = 0
    for kind, start, end in sorted(set(_marked(dockerfile)), key=lambda token: (token[1], -token[2])):
        if start < at or start == end:
            continue
        if at < start:
            yield Token("space", at, start, text[at:start])
        yield Token(kind, start, end, text[start:end])
        at = end
    if at < len(text):
        yield Token("space", at, len(text), text[at:])


def render(dockerfile: Dockerfile) -> str:
    """The text of a tree."""
    return "".join(token.text for token in tokens(dockerfile))


def _marked(dockerfile: Dockerfile) -> Iterator[tuple[str, int, int]]:
    for directive in dockerfile.directives:
        yield "directive", directive.start, directive.end
    directives = {directive.start for directive in dockerfile.directives}
    for comment in dockerfile.comments:
        if comment.start not in directives:
            yield "comment", comment.start, comment.end
    for instruction in dockerfile.instructions:
        yield from _of(instruction)


def _of(instruction: Instruction) -> Iterator[tuple[str, int, int]]:
    comments = instruction.inside
    yield from _split("keyword", instruction.word.start, instruction.word.end, instruction)
    for flag in instruction.flags:
        yield from _split("flag", flag.word.start, flag.word.end, instruction)
    if instruction.trigger is not None:
        yield from _of(instruction.trigger)
    else:
        for word in instruction.words:
            yield from _split("word", word.start, word.end, instruction)
    for comment in comments:
        yield "comment", comment.start, comment.end
    for heredoc in instruction.heredocs:
        yield "heredoc", heredoc.start, heredoc.closed if heredoc.closed >= 0 else heredoc.end


def _split(kind: str, start: int, end: int, instruction: Instruction) -> Iterator[tuple[str, int, int]]:
    """Split a word that is continued over lines into one token per line, without the text between."""
    joined = instruction.joined
    cuts = [source for source in joined.sources if start < source < end]
    for cut in cuts:
        piece = joined.sources.index(cut) - 1
        stop = joined.sources[piece] + joined.starts[piece + 1] - joined.starts[piece]
        yield kind, start, min(stop, end)
        start = cut
    yield kind, start, end
