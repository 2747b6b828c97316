"""DL3024: Give each stage a unique name.

Whoever copies from a name that two stages have gets the later one, and may have meant the other.

    FROM golang:1.22 AS build
    FROM node:22 AS build

    FROM golang:1.22 AS server
    FROM node:22 AS client

The case of letters makes no difference, as for BuildKit; for hadolint it does.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Names of stages that an earlier one has (BuildKit's validateStageNames)."""
    lines: dict[str, int] = {}
    for stage in file.stages:
        if not stage.name:
            continue
        word = stage.instruction.words[2]
        if stage.name in lines:
            message = f"line {lines[stage.name]} already has a stage named {stage.name}"
            yield Hit(word.start, word.end, message, "give this one another name")
        else:
            lines[stage.name] = file.source.position(word.start).line
