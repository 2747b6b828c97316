"""cd-without-effect: Change the folder with WORKDIR.

Each RUN has a shell of its own: a `cd` at its end changes nothing for the next instruction.

    FROM debian:12
    RUN mkdir /app && cd /app
    RUN make

    FROM debian:12
    WORKDIR /app
    RUN make

A `cd` that something follows is DL3003, and a matter of taste; one that goes back to where the RUN came from is left
alone.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.commands import Invocation
    from stackferry.grammar.dockerfile.facts.scripts import ScriptText
    from stackferry.grammar.lint.settings import Settings

_CHANGING = ("cd", "pushd")
_HARMLESS = frozenset(("group", "subshell", "if", "case", "branch"))
"""Constructs whose last command is the last that runs. A loop comes back, a function is called elsewhere."""


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Scripts whose last command changes the folder."""
    for step in file.steps("RUN"):
        found = [command for script in step.scripts if (command := _last(script)) is not None]
        for command in sorted(found, key=_start):
            target = command.arguments[0].value if command.arguments else ""
            hint = f"write WORKDIR {target}" if target and target.startswith("/") else "write WORKDIR"
            yield Hit(*command.range, "cd at the end of RUN has no effect", hint)


def _start(command: "Invocation") -> int:
    return command.range[0]


def _last(script: "ScriptText") -> "Invocation | None":
    """The last command of a script, if it changes the folder and nobody looks at whether it could."""
    commands = script.script.commands
    if script.kind == "exec" or not script.script.complete or not commands or commands[-1].name not in _CHANGING:
        return None
    last = commands[-1]
    pipeline = script.script.pipelines[last.pipeline]
    if not _HARMLESS.issuperset(last.within) or pipeline.negated or pipeline.test or len(pipeline.elements) > 1:
        return None
    names = [command.name for command in commands]
    if any(name in (*_CHANGING, "popd") for name in names[:-1]) and not set(names) <= {*_CHANGING, "set"}:
        # It goes back, after what had to be done elsewhere.
        return None
    return script.commands[-1]
