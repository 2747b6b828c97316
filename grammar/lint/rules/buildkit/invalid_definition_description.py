"""InvalidDefinitionDescription: Describe a stage or an argument in the form `# name description`.

`docker build --call=outline` and `--call=targets` show such comments. Off unless it is asked for, as with BuildKit,
where `# check=experimental=InvalidDefinitionDescription` does that.

    # the version to build
    ARG VERSION=1

    # VERSION is what is built
    ARG VERSION=1

An empty comment between keeps a comment that is no description apart; so does BuildKit, where a blank line does not.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.instruction import Instruction, Word
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Comments directly above that begin with another word (BuildKit's validateDefinitionDescription)."""
    text = file.source.text
    directives = {directive.start for directive in file.dockerfile.directives}
    for instruction in file.dockerfile.instructions:
        words = _defined(instruction)
        if not words or not instruction.above:
            continue
        comment = instruction.above[-1]
        if not comment.text or comment.start in directives:
            continue
        names = [word.text.lower() if instruction.keyword == "FROM" else word.text for word in words]
        # BuildKit takes the sign of a comment that is indented for its first word.
        is_indented = comment.start > 0 and text[comment.start - 1] not in "\n\ufeff"
        if is_indented or comment.text.split(" ", 1)[0] not in names:
            message = f"the comment above does not start with {' or '.join(names)}"
            name = names[0] if len(names) == 1 else "NAME"
            hint = f"write # {name} description, or an empty comment below it"
            yield Hit(words[0].start, words[0].end, message, hint)


def _defined(instruction: "Instruction") -> "list[Word]":
    """The names that the instruction defines."""
    if instruction.keyword == "ARG":
        return [pair.name for pair in instruction.pairs]
    words = instruction.words
    if instruction.keyword == "FROM" and len(words) == 3 and words[1].text.lower() == "as":
        return [words[2]]
    return []
