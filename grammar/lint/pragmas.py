"""The pragmas of a file: found by `place_pragmas.py`, applied by `silencer.py`, used by `run.py` and `report.py`.

Most files have none, and then nothing more is imported.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.dockerfile.parse import Dockerfile
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.lint.pragma import Misread, Name, Said

Range = tuple[int, int]
NOTHING: Range = (0, 0)


class Pragma(NamedTuple):
    """A pragma with the ranges of offsets it covers, ends excluded. `idle` says why it covers none."""

    said: "Said"
    covers: Range
    idle: str = ""


class Pragmas(NamedTuple):
    """All pragmas of a file, and the comments that only look like pragmas."""

    found: tuple[Pragma, ...] = ()
    misread: "tuple[Misread, ...]" = ()

    @property
    def checks_are_errors(self) -> bool:
        """Whether `# check=error=true` makes findings of BuildKit's checks fail a build."""
        return any(pragma.said.error for pragma in self.found if pragma.said.scope == "file")

    def experimental(self) -> "Iterator[tuple[Name, Range]]":
        """The experimental checks that `# check=` switches on, and in which range."""
        for pragma in self.found:
            for name in pragma.said.experimental:
                yield name, pragma.covers


def pragmas_in(dockerfile: Dockerfile) -> Pragmas:
    """The pragmas of a tree, in file order."""
    text = dockerfile.source.text.lower()
    if "hadolint" not in text and "stackferry" not in text:
        comments = [comment for instruction in dockerfile.instructions for comment in instruction.above]
        if not any(comment.text[:5].lower() == "check" for comment in comments):
            return Pragmas()
    from stackferry.grammar.lint.place_pragmas import placed

    return placed(dockerfile)


def within(ranges: Iterable[Range], hit: Hit) -> bool:
    """Whether a hit begins in any of the ranges."""
    return any(first <= hit.start < end for first, end in ranges)
