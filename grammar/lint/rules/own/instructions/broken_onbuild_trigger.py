"""broken-onbuild-trigger: Give ONBUILD a valid instruction.

What stands behind ONBUILD is read when another image is built on this one, and that build fails.

    FROM debian:12
    ONBUILD COPPY . /app

    FROM debian:12
    ONBUILD COPY . /app

All that a build would refuse of the instruction itself counts. FROM, MAINTAINER and ONBUILD, which are never triggers,
are refused at once (invalid-onbuild-trigger).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.validate import problems_of
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.suggest import Suggestions

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.instruction import Problem
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """What is wrong with triggers, each with its own hint (BuildKit's instructions/parse.go)."""
    suggestions = Suggestions()
    for instruction in file.dockerfile.instructions:
        trigger = instruction.trigger
        if trigger is None or instruction.problems:
            continue
        for problem in sorted(problems_of(trigger, suggestions), key=_start):
            message = f"an image built on this one would fail: {problem.message}"
            yield Hit(problem.start, problem.end, message, problem.hint)


def _start(problem: "Problem") -> int:
    return problem.start
