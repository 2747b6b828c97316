"""DL3043: Do not put FROM, MAINTAINER or ONBUILD into ONBUILD.

A trigger runs in the stage that uses the image: it cannot start another one, or set further triggers.

    FROM python:3.12-slim
    ONBUILD FROM alpine:3.20

    FROM python:3.12-slim
    ONBUILD COPY requirements.txt /app/

A build refuses the file.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Triggers that are none (BuildKit's parseOnBuild)."""
    for instruction in file.dockerfile.instructions:
        trigger = instruction.trigger
        if trigger is not None and trigger.keyword in ("FROM", "MAINTAINER", "ONBUILD"):
            message = f"{trigger.keyword} cannot be a trigger of ONBUILD"
            yield Hit(trigger.word.start, trigger.word.end, message, "write it without ONBUILD, or remove it")
