r"""Commands in backquotes that contain backslashes: parsed without these, then moved to their real offsets.

Within backquotes `\$`, `\\` and `` \` `` lose their backslash before anything else is read. Imported only when needed.
"""

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from stackferry.grammar.shell.script import Command, Heredoc, Pipeline
from stackferry.grammar.shell.value import Value
from stackferry.grammar.shell.word import ShellWord

if TYPE_CHECKING:
    from stackferry.grammar.shell.scan.expansion import Expansions

_ESCAPED = {False: re.compile(r"\\([$`\\])"), True: re.compile(r'\\([$`\\"])')}
_OFFSETS = ("start", "end")


class _Origin:
    """The unescaped text of a piece of a script, and the original offset of each of its characters."""

    def __init__(self, text: str, start: int, end: int, quoted: bool) -> None:
        self.text = text
        self.starts, self.sources = [0], [start]
        kept: list[str] = []
        length, at = 0, start
        for found in _ESCAPED[quoted].finditer(text, start, end):
            kept += (text[at : found.start()], found[1])
            length += found.start() - at
            self.starts += (length, length + 1)
            self.sources += (found.start(), found.end())
            length, at = length + 1, found.end()
        kept.append(text[at:end])
        self.unescaped = "".join(kept)

    def at(self, offset: int) -> int:
        piece = bisect_right(self.starts, offset) - 1
        return self.sources[piece] + offset - self.starts[piece]


def read_unescaped(cursor: "Expansions", start: int, end: int, quoted: bool) -> None:
    """Read a range of the text as if its escapes were gone. `quoted`: the backquotes are in double quotes."""
    origin = _Origin(cursor.text, start, end, quoted)
    outer = cursor.text, cursor.end, cursor.broken
    counts = len(cursor.commands), len(cursor.pipelines), len(cursor.constructs)
    cursor.text, cursor.broken = origin.unescaped, -1
    cursor.end = len(origin.unescaped)
    cursor.between(0, cursor.end)
    broken = cursor.broken
    cursor.text, cursor.end, cursor.broken = outer
    if broken >= 0:
        cursor.fail(origin.at(broken))
    _move(cursor, origin, counts)


def _move(cursor: "Expansions", origin: _Origin, counts: tuple[int, int, int]) -> None:
    commands, pipelines, constructs = counts
    for number in range(commands, len(cursor.commands)):
        cursor.commands[number] = _moved(cursor.commands[number], origin)
    for number in range(constructs, len(cursor.constructs)):
        cursor.constructs[number] = _moved(cursor.constructs[number], origin)
    for number in range(pipelines, len(cursor.pipelines)):
        pipeline = cursor.pipelines[number]
        elements = tuple(
            cursor.commands[element.number] if type(element) is Command else cursor.constructs[element.number]
            for element in pipeline.elements
        )
        moved: Pipeline = _moved(pipeline.replace(elements=()), origin)
        cursor.pipelines[number] = moved.replace(elements=elements)


def _moved(value: Any, origin: _Origin) -> Any:
    """A deep copy of a value with its offsets mapped to the original text."""
    if isinstance(value, Heredoc):
        return _moved_heredoc(value, origin)
    if isinstance(value, tuple):
        return tuple([_moved(item, origin) for item in value])
    if not isinstance(value, Value):
        return value
    fields = {name: _moved(getattr(value, name), origin) for name in value.__slots__}
    for name in _OFFSETS:
        fields[name] = origin.at(fields[name])
    if isinstance(value, ShellWord):
        fields["text"] = origin.text[fields["start"] : fields["end"]]
    return type(value)(**fields)


def _moved_heredoc(heredoc: Heredoc, origin: _Origin) -> Heredoc:
    moved = Heredoc(heredoc.name, heredoc.expand, heredoc.chomp, origin.at(heredoc.start))
    moved.end = origin.at(heredoc.end)
    moved.closed = origin.at(heredoc.closed) if heredoc.closed >= 0 else -1
    moved.body = _moved(heredoc.body, origin)
    return moved
