"""DL3059: Join consecutive RUN instructions.

Each RUN is a layer, and what one deletes stays in those before it.

    RUN make
    RUN rm -rf /src

    RUN make && rm -rf /src

A RUN of several commands, one whose flags differ from those of the RUN before it, and what stands behind another
instruction are left alone, as for hadolint. It is a matter of taste: a build stage may well have many.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.programs.plain import PlainCall
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """A RUN of one command directly behind another such RUN with the same flags."""
    for stage in file.parts:
        before: tuple[object, ...] = ()
        for step in stage.steps:
            if step.keyword != "RUN" or step.onbuild:
                before = ()
                continue
            several = sum(_weight(call) for call in step.plain_calls) > 1
            current = (_flags(step), several)
            if before == current and not several:
                word = step.instruction.word
                yield Hit(word.start, word.end, "RUN follows another RUN", "join them with &&, or in a heredoc")
            before = current


def _weight(call: "PlainCall") -> int:
    """How many commands it counts as; `time` and what it takes the time of are two."""
    is_named = call.program != "" or call.invocation.command.name == ""
    return is_named + (len(call.words) + 1 < len(call.invocation.command.words))


def _flags(step: "Step") -> object:
    """The flags of a RUN, whatever their order is."""
    mounts = frozenset((mount.type, frozenset((*mount.values.items(), ("type", mount.type)))) for mount in step.mounts)
    others = frozenset((flag.name, flag.value) for flag in step.instruction.flags if flag.name != "mount")
    return mounts, others
