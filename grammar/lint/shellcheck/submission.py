"""The scripts of a file that ShellCheck is asked about, each as the text that it gets.

These are the scripts of RUN, also behind ONBUILD, that a shell reads as they are written: the line with its heredocs,
the body of `RUN <<EOF`, and that of `bash <<EOF` where nothing in it is expanded before. Not those in an exec form, of
cmd, PowerShell or another interpreter, nor strings (`sh -c "…"`), whose quotes the outer script has already dealt with.
"""

from collections.abc import Iterator
from typing import NamedTuple

from stackferry.grammar.dockerfile.facts.build import Build
from stackferry.grammar.dockerfile.facts.scripts import ScriptText
from stackferry.grammar.lint.shellcheck.manner import Manner
from stackferry.grammar.lint.shellcheck.prelude import SHELLS, prelude


class Submission(NamedTuple):
    """A text for ShellCheck: `lines` lines of prelude, then the script."""

    text: str
    lines: int
    script: ScriptText


def submissions(build: Build, manner: Manner) -> Iterator[Submission]:
    """Those of a file, in its order."""
    for step in build.steps("RUN"):
        if step.instruction.json is None:
            for script in step.scripts:
                if script.dialect in SHELLS and is_as_written(script) and not script.text.isspace() and script.text:
                    yield submission(script, manner)


def submission(script: ScriptText, manner: Manner) -> Submission:
    """A script with its prelude."""
    before = prelude(script, manner)
    return Submission(f"{before}{script.text}\n", before.count("\n"), script)


def is_as_written(script: ScriptText) -> bool:
    """Whether the shell of a script reads what the file has."""
    if script.parent is None:
        return True
    start = script.joined.at(0)
    heredoc = next((found for found in script.step.instruction.heredocs if found.start == start), None)
    if heredoc is None or script.parent.kind != "line":
        return False
    return not heredoc.expand or not any(character in script.text for character in "$`\\")
