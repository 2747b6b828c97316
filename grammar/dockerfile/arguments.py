"""The arguments of an instruction, by its keyword: the table of BuildKit's line_parsers.go.

Each reader sets the fields of its keyword: `words`, `json`, `pairs`. `validate.py` reports what a builder refuses;
here only unreadable text is a problem.
"""

from collections.abc import Callable, Mapping

from stackferry.grammar.dockerfile.instruction import Instruction, Pair, Problem, Word
from stackferry.grammar.dockerfile.json_form import NotStringsError, exec_form
from stackferry.grammar.dockerfile.lines import SPACES
from stackferry.grammar.dockerfile.words import BLANKS, blank_separated, quoted, word

Reader = Callable[[Instruction, str], None]


def whole(instruction: Instruction, escape: str) -> None:
    """One word: the rest of the line."""
    if instruction.arguments.text:
        instruction.words = (instruction.arguments,)


def blanks(instruction: Instruction, escape: str) -> None:
    """Words separated by blanks."""
    start, end = _range(instruction)
    instruction.words = blank_separated(instruction.joined, start, end)


def command(instruction: Instruction, escape: str) -> None:
    """An exec form, or the rest of the line for the shell."""
    if not _json(instruction, *_range(instruction)):
        whole(instruction, escape)


def listing(instruction: Instruction, escape: str) -> None:
    """An exec form, or words separated by blanks."""
    if not _json(instruction, *_range(instruction)):
        blanks(instruction, escape)


def declarations(instruction: Instruction, escape: str) -> None:
    """ARG: names, with or without a value."""
    start, end = _range(instruction)
    instruction.words = quoted(instruction.joined, start, end, escape)
    instruction.pairs = tuple(_pair(instruction, found) for found in instruction.words)


def assignments(instruction: Instruction, escape: str) -> None:
    """ENV and LABEL: `name=value …`, or the old `name value`."""
    start, end = _range(instruction)
    words = instruction.words = quoted(instruction.joined, start, end, escape)
    if not words:
        return
    if "=" in words[0].text:
        instruction.pairs = tuple(_pair(instruction, found) for found in words)
        bare = next((found for found in words if "=" not in found.text), None)
        if bare is not None:
            message = f"{instruction.keyword} {bare.text!r} has no value"
            hint = "write name=value; quote a value that has spaces"
            instruction.problems += (Problem("invalid-arguments", message, bare.start, bare.end, hint),)
        return
    text = instruction.joined.text
    name_end = start
    while name_end < end and text[name_end] not in BLANKS:
        name_end += 1
    value_start = name_end
    while value_start < end and text[value_start] in BLANKS:
        value_start += 1
    name = word(instruction.joined, start, name_end)
    if value_start == end:
        message = f"{instruction.keyword} must have two arguments"
        instruction.problems += (
            Problem("invalid-arguments", message, name.start, name.end, f"write {name.text}=value"),
        )
        return
    instruction.pairs = (Pair(name, word(instruction.joined, value_start, end), True),)


def health(instruction: Instruction, escape: str) -> None:
    """HEALTHCHECK: a type, then a command."""
    start, end = _range(instruction)
    text = instruction.joined.text
    type_end = start
    while type_end < end and text[type_end] not in SPACES:
        type_end += 1
    if type_end == start:
        return
    kind = word(instruction.joined, start, type_end)
    rest = type_end
    while rest < end and text[rest] in SPACES:
        rest += 1
    if rest == end:
        instruction.words = (kind,)
    elif _json(instruction, rest, end):
        instruction.words = (kind, *instruction.words)
    else:
        instruction.words = (kind, word(instruction.joined, rest, end))


READERS: Mapping[str, Reader] = {
    "ADD": listing,
    "ARG": declarations,
    "CMD": command,
    "COPY": listing,
    "ENTRYPOINT": command,
    "ENV": assignments,
    "EXPOSE": blanks,
    "FROM": blanks,
    "HEALTHCHECK": health,
    "LABEL": assignments,
    "MAINTAINER": whole,
    "ONBUILD": whole,
    "RUN": command,
    "SHELL": command,
    "STOPSIGNAL": whole,
    "USER": whole,
    "VOLUME": listing,
    "WORKDIR": whole,
}


def _range(instruction: Instruction) -> tuple[int, int]:
    arguments = instruction.arguments
    return arguments.at, arguments.at + len(arguments.text)


def _pair(instruction: Instruction, found: Word) -> Pair:
    name, given, _ = found.text.partition("=")
    if not given:
        return Pair(found, None, False)
    middle = found.at + len(name)
    end = found.at + len(found.text)
    value = word(instruction.joined, middle + 1, end) if middle + 1 < end else Word("", found.end, found.end, end)
    return Pair(
        word(instruction.joined, found.at, middle) if name else Word("", found.start, found.start, found.at),
        value,
        False,
    )


def _json(instruction: Instruction, start: int, end: int) -> bool:
    """Read an exec form, if there is one."""
    try:
        instruction.json = exec_form(instruction.joined, start, end)
    except NotStringsError:
        message = "when using JSON array syntax, arrays must be comprised of strings only"
        place = word(instruction.joined, start, end)
        instruction.problems += (Problem("invalid-json-form", message, place.start, place.end, "quote each argument"),)
        return True
    if instruction.json is None:
        return False
    instruction.words = instruction.json
    return True
