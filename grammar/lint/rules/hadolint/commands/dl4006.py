"""DL4006: Set pipefail before a pipe.

A pipe is as good as its last command: a download that fails, piped into another program, does not stop the build.

    RUN curl -fsSL https://example.com/app.tar.gz | tar -xz

    SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    RUN curl -fsSL https://example.com/app.tar.gz | tar -xz

`set -o pipefail` in the script is as good (hadolint #1137), and so is a SHELL that the stage inherits (#406), and any
shell that takes the option (#350). What only prints, like `echo`, cannot fail and may stand before a pipe. With the
set hadolint, each pipe counts that has no SHELL of bash, zsh or ash with pipefail before it in its own stage.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.programs.legible import legible
from stackferry.grammar.dockerfile.facts.programs.pipes import losing
from stackferry.grammar.dockerfile.facts.shells import program
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings

_BASH = 'write SHELL ["/bin/bash", "-o", "pipefail", "-c"] before it'
_SET = "start the script with set -o pipefail"
_KNOWING = frozenset(("bash", "zsh", "ksh", "ash"))
_OTHERS = ("pwsh", "powershell", "cmd")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """The first pipe of each RUN that loses a failure."""
    if settings.hadolint:
        yield from _as_hadolint(file)
        return
    for step in file.steps("RUN"):
        found = [
            (invocation.unwrapped.first, script.dialect) for script in step.scripts for invocation in losing(script)
        ]
        if found:
            place, dialect = min(found)
            name = program(place.value or "") or place.word.text
            hint = _SET if dialect in _KNOWING else _BASH
            yield Hit(place.start, place.end, f"a failure of {name} goes unnoticed in the pipe", hint)


def _as_hadolint(file: "Build") -> Iterator[Hit]:
    for stage in file.parts:
        careful = False
        for step in stage.steps:
            if step.onbuild:
                continue
            if step.keyword == "SHELL":
                careful = _careful(step)
            elif step.keyword == "RUN" and not careful:
                script = step.plain_script
                if script is None:
                    continue
                pipeline = next((pipeline for pipeline in script.script.pipelines if pipeline.operators), None)
                if pipeline is not None and pipeline.start < legible(script.script):
                    start, end = script.range(pipeline.start, pipeline.end)
                    yield Hit(start, end, "failures of all but the last command in the pipe go unnoticed", _BASH)


def _careful(step: "Step") -> bool:
    """Whether hadolint takes the pipes behind a SHELL for safe, or does not look at them."""
    words = [word.text for word in step.instruction.json or ()]
    if " ".join(words).startswith(_OTHERS):
        return True
    if not words or words[0].rsplit("/", 1)[-1] not in ("bash", "zsh", "ash"):
        return False
    return "pipefail" in words and any(
        word[:1] == "-" and ("o" in word if word[:2] != "--" else word == "--o") for word in words
    )
