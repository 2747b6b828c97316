"""Lines that a build writes into files: `echo … >> file`, `printf … | tee file`, `cat <<EOF > file`, `COPY <<EOF file`.

For rules about configuration files. Only plainly written text is seen; variables in it stay as they are.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.shell.script import Command

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build, Step
    from stackferry.grammar.dockerfile.facts.scripts import ScriptText
    from stackferry.grammar.dockerfile.instruction import Heredoc
    from stackferry.grammar.shell.script import Construct

    Element = Command | Construct

_WRITING = (">", ">>", ">|", "&>", "&>>")


class Line(NamedTuple):
    """A line that is written to a file: its text without surrounding white space, and its place."""

    path: str
    text: str
    start: int
    end: int


def lines_written(file: "Build") -> Iterator[Line]:
    """All lines that the build writes, in file order."""
    for step in file.steps("RUN", "COPY", "ADD"):
        yield from lines_of(step)


def lines_of(step: "Step") -> Iterator[Line]:
    """The lines that a RUN, COPY or ADD writes, in file order."""
    if step.keyword == "RUN":
        found = [line for script in step.scripts for line in _in_script(script)]
        yield from sorted(found, key=_start)
    else:
        target = step.instruction.words[-1].text if step.instruction.words else ""
        for heredoc in step.instruction.heredocs:
            path = f"{target}{heredoc.name}" if target.endswith("/") else target
            yield from _of_heredoc(step, heredoc, path)


def _start(line: Line) -> int:
    return line.start


def _in_script(script: "ScriptText") -> Iterator[Line]:
    if not any(mark in script.text for mark in (">", "tee")):
        return
    for pipeline in script.script.pipelines:
        for at, element in enumerate(pipeline.elements):
            # A construct in place of a command writes what its commands print.
            printing = (element,) if isinstance(element, Command) else script.script.inside(element)
            for path in _targets(element, pipeline.elements[at + 1 : at + 2]):
                for printer in printing:
                    yield from _printed(script, printer, path)


def _targets(element: "Element", following: "tuple[Element, ...]") -> Iterator[str]:
    for redirect in element.redirects:
        if redirect.operator in _WRITING and redirect.descriptor in ("", "1"):
            yield redirect.target.text.strip("\"'")
    for follower in (element, *following):
        words = [word.literal or word.text for word in follower.words] if isinstance(follower, Command) else []
        if words[:1] == ["sudo"]:
            words = words[1:]
        if words[:1] == ["tee"]:
            yield from (word for word in words[1:] if not word.startswith("-"))


def _printed(script: "ScriptText", command: Command, path: str) -> Iterator[Line]:
    for redirect in command.redirects:
        if redirect.heredoc is not None:
            yield from _lines(script.text, redirect.heredoc.start, redirect.heredoc.end, script, path)
    if command.name in ("echo", "printf"):
        words = [word for word in command.arguments if not word.text.startswith("-")]
        for word in words:
            text = word.literal if word.literal is not None else word.text.strip("\"'")
            for line in text.replace("\\n", "\n").split("\n"):
                yield Line(path, line.strip(), *script.range(word.start, word.end))
        if command.name == "echo" and len(words) > 1 and all(word.literal is not None for word in words):
            text = " ".join(word.literal or "" for word in words)
            yield Line(path, text, *script.range(words[0].start, words[-1].end))


def _lines(text: str, start: int, end: int, script: "ScriptText", path: str) -> Iterator[Line]:
    at = start
    for line in text[start:end].splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            begin = at + line.index(stripped)
            yield Line(path, stripped, *script.range(begin, begin + len(stripped)))
        at += len(line)


def _of_heredoc(step: "Step", heredoc: "Heredoc", path: str) -> Iterator[Line]:
    at = heredoc.start
    for line in step.stage.build.source.text[heredoc.start : heredoc.end].splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            begin = at + line.index(stripped)
            yield Line(path, stripped, begin, begin + len(stripped))
        at += len(line)
