"""Why a build failed, from the output of BuildKit's clients: `docker buildx`, `docker build`, `buildctl`. Pure.

They all end with the step and its output, the line of the Dockerfile with its surroundings, and the error:

     > [2/2] RUN make:
    0.412 make: not found
    ------
    Dockerfile:3
    --------------------
       3 | >>> RUN make
    --------------------
    ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 127
"""

from collections.abc import Iterable
from itertools import pairwise

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex

_ERROR = regex(r"(?:ERROR|error): (.+)")
_PREFIXES = regex(
    r"(?:target \S+: |failed to build: |failed to solve: |failed to solve with frontend \S+: "
    r"|rpc error: code = \w+ desc = )+"
)
_PLACE = regex(r"(\S.*):(\d+)")
_STEP = regex(r" > (.+):")
_RULE = regex(r"-{6,}")
_TIME = regex(r"\d+\.\d+ ")


@dataclass(frozen=True, slots=True)
class BuildFailure:
    """`reason` in the builder's words; `file` is BuildKit's name of the Dockerfile, `line` its line: 0 if unknown.

    `output` is the step, followed by its last output.
    """

    reason: str
    file: str = ""
    line: int = 0
    output: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else self.reason


def build_failure(lines: Iterable[str]) -> BuildFailure:
    """The failure that the lines report; the last line, if they have another format."""
    text = [line.rstrip() for line in lines]
    errors = [found[1] for line in text if (found := _ERROR.fullmatch(line))]
    reason = errors[-1] if errors else next((line for line in reversed(text) if line), "no reason was given")
    file, number = _place(text)
    return BuildFailure(_PREFIXES.sub("", reason, count=1), file, number, tuple(_output(text)))


def _place(text: list[str]) -> tuple[str, int]:
    """The file name and line number in front of the excerpt of the Dockerfile."""
    for line, following in pairwise(text):
        found = _PLACE.fullmatch(line)
        if found and _RULE.fullmatch(following):
            return found[1], int(found[2])
    return "", 0


def _output(text: list[str]) -> list[str]:
    begin, step = next(((at, found[1]) for at, line in enumerate(text) if (found := _STEP.fullmatch(line))), (0, ""))
    if not step:
        return []
    written = [step]
    for line in text[begin + 1 :]:
        if _RULE.fullmatch(line):
            break
        written.append(_TIME.sub("", line, count=1))
    return written
