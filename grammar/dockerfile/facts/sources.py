"""The sources in COPY --from and RUN --mount=from=: a stage of the file, or an image."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build, Stage
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.dockerfile.instruction import Word

_LONGEST = 9


def sources(step: "Step", *, unnamed: bool = False) -> "Iterator[tuple[str, Word]]":
    """The names in a COPY or RUN, each with the word of its flag. `unnamed`: also the empty names of mounts."""
    if step.keyword == "COPY":
        flag = step.instruction.flag("from")
        if flag is not None and flag.value:
            yield flag.value, flag.word
    elif step.keyword == "RUN":
        for mount in step.mounts:
            if mount.origin or unnamed:
                yield mount.origin or "", mount.flag.word


def is_number(name: str) -> bool:
    """Whether --from treats a name as the number of a stage."""
    return name.removeprefix("-").removeprefix("+").isdecimal() and name.isascii()


def source_stage(file: "Build", name: str, *, numbers: bool) -> "Stage | None":
    """The stage with a name; with `numbers`, which only COPY supports, or with a number.

    If several stages have the name, the last one in the file counts (BuildKit's findStateByName).
    """
    if numbers and is_number(name):
        number = int(name) if len(name) <= _LONGEST else -1
        return file.stages[number] if 0 <= number < len(file.stages) else None
    return file.stage_named(name)
