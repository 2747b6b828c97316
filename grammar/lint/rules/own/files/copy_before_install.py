"""copy-before-install: Copy the dependency list first, and the other files after the installation.

Each change of a source file throws away the layer with the dependencies, if all files were copied before it.

    FROM node:22
    COPY . .
    RUN npm ci

    FROM node:22
    COPY package.json package-lock.json ./
    RUN npm ci
    COPY . .

Only installations that read a list of dependencies are judged, in a stage that copied nothing but the whole context
before. Where the sources themselves are built by the same RUN, the rule says nothing.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.programs.calls import Call
    from stackferry.grammar.lint.settings import Settings

_INSTALLS = {
    "npm": ("ci", "install", "i"),
    "yarn": ("install",),
    "pnpm": ("install", "i"),
    "bundle": ("install",),
    "composer": ("install",),
    "poetry": ("install",),
    "go": ("mod",),
}
_WHOLE = (".", "./")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Installations after a COPY of the whole context (one for each stage)."""
    for stage in file.parts:
        copied = False
        for step in stage.steps:
            if step.onbuild:
                continue
            if step.keyword in ("ADD", "COPY"):
                if step.instruction.words and step.instruction.words[0].text in _WHOLE and not step.instruction.flags:
                    copied = True
                elif not copied:
                    # The lists of dependencies may well be there already.
                    break
            elif step.keyword == "RUN" and copied:
                calls = step.calls()
                if len(calls) == 1 and _installs(calls[0]):
                    place = calls[0].place
                    yield Hit(place.start, place.end, f"{calls[0].program} runs again whenever any file changes", _HINT)
                    break


_HINT = "copy the dependency list first, and the other files after this"


def _installs(call: "Call") -> bool:
    words = [value for value in call.values if not value.startswith("-")]
    return bool(words) and words[0] in _INSTALLS.get(call.program, ()) and (len(words) == 1 or call.program == "go")
