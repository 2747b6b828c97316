"""The scripts of a file for ShellCheck, each as the text that it gets.

These are the scripts of RUN, also inside ONBUILD, that a shell reads as they are written: the line with its heredocs,
the body of `RUN <<EOF`, and that of `bash <<EOF` unless something in it is expanded first. Not those in an exec form,
of cmd, PowerShell or another interpreter, nor strings (`sh -c "…"`), whose quotes the outer script has already removed.
"""

from collections.abc import Iterator
from typing import NamedTuple

from stackferry.grammar.dockerfile.facts.build import Build
from stackferry.grammar.dockerfile.facts.scripts import ScriptText
from stackferry.grammar.lint.shellcheck.manner import Manner
from stackferry.grammar.lint.shellcheck.prelude import SHELLS, prelude


class Submission(NamedTuple):
    """A text for ShellCheck: `lines` is how many lines of prelude precede the script."""

    text: str
    lines: int
    script: ScriptText


def submissions(build: Build, manner: Manner) -> Iterator[Submission]:
    """The submissions of a file, in file order."""
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
    """Whether the shell reads the script exactly as it is in the file."""
    if script.parent is None:
        return True
    start = script.joined.at(0)
    heredoc = next((found for found in script.step.instruction.heredocs if found.start == start), None)
    if heredoc is None or script.parent.kind != "line":
        return False
    return not heredoc.expand or not any(character in script.text for character in "$`\\")
