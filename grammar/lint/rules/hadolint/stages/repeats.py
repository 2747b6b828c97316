"""Instructions of which a stage keeps only the last: DL3012, DL4003 and DL4004 ask here."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build


def repeated(file: "Build", keyword: str) -> Iterator[Hit]:
    """Each one but the first of its stage. Triggers of ONBUILD run in another build, and do not count."""
    before = None
    for step in file.steps(keyword):
        if step.onbuild:
            continue
        if before is not None and before.stage is step.stage:
            word = step.instruction.word
            line = file.source.position(before.instruction.word.start).line
            message = f"this {keyword} overrides the one in line {line}"
            yield Hit(word.start, word.end, message, "keep only the last one in the stage")
        before = step
