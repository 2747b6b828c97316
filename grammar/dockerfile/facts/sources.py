"""What COPY --from and RUN --mount=from= name: a stage of the file, or an image."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build, Stage
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.dockerfile.instruction import Word

_LONGEST = 9


def sources(step: "Step", *, unnamed: bool = False) -> "Iterator[tuple[str, Word]]":
    """The names in a COPY or RUN, each with the word of its flag. `unnamed`: the empty ones of mounts as well."""
    if step.keyword == "COPY":
        flag = step.instruction.flag("from")
        if flag is not None and flag.value:
            yield flag.value, flag.word
    elif step.keyword == "RUN":
        for mount in step.mounts:
            if mount.origin or unnamed:
                yield mount.origin or "", mount.flag.word


def is_number(name: str) -> bool:
    """Whether --from takes a name for the number of a stage."""
    return name.removeprefix("-").removeprefix("+").isdecimal() and name.isascii()


def source_stage(file: "Build", name: str, *, numbers: bool) -> "Stage | None":
    """The stage of a name; `numbers`: or of a number, as only COPY has them.

    It is the last one of that name, wherever it stands (BuildKit's findStateByName).
    """
    if numbers and is_number(name):
        number = int(name) if len(name) <= _LONGEST else -1
        return file.stages[number] if 0 <= number < len(file.stages) else None
    return file.stage_named(name)
