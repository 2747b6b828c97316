"""Finds the variables in an instruction that a build expands, each use with its place in the source.

A table by keyword says which words a build expands (`Expand` in BuildKit's instructions/commands.go). RUN, CMD and the
like leave variables to their shell; only the mounts of RUN are expanded.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.dockerfile.expand import ExpansionError, Use, expand
from stackferry.grammar.dockerfile.instruction import Flag, Heredoc, Instruction, Word

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.step import Step

KEYWORDS = ("ADD", "ARG", "COPY", "ENV", "LABEL", "RUN", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR")
"""Instructions in which a build expands variables; so does EXPOSE, but BuildKit does not check it for unset names."""

_FLAGS = {"ADD": ("chown", "chmod", "checksum"), "COPY": ("chown", "chmod"), "RUN": ("mount",)}
_ONE_WORD = ("STOPSIGNAL", "USER", "WORKDIR")
_FROM = "from="


class _Any(dict[str, str | None]):
    """An environment in which every variable is set to an unknown value."""

    def __contains__(self, name: object) -> bool:
        return True

    def get(self, name: str, default: object = None) -> None:
        """The value, which is never known."""


_ANY = _Any()


class Used(NamedTuple):
    """A use of a variable: `operator` is that of `${name:-default}`, empty for `$name`; the range is in the source.

    `is_set`: an earlier ARG or ENV has the name, with or without a value.
    """

    name: str
    operator: str
    start: int
    end: int
    is_set: bool


def uses(step: "Step") -> Iterator[Used]:
    """All uses in a step, in source order."""
    if step.keyword in KEYWORDS and _holds_dollar(step):
        yield from _of_flags(step)
        if step.keyword in ("ENV", "LABEL", "ARG"):
            yield from _of_pairs(step)
        elif step.keyword != "RUN":
            yield from _of_words(step)


def used_in(text: str, escape: str, *, skip_process_quotes: bool = False) -> tuple[Use, ...]:
    """The uses of variables in a text, whatever their values; none if a build cannot parse the text."""
    if "$" not in text:
        return ()
    try:
        # Treats all as set, because `${X:?message}` is no error here.
        return expand(text, _ANY, escape, skip_process_quotes=skip_process_quotes).used
    except ExpansionError:
        return ()


def documents_of(instruction: Instruction) -> dict[int, Heredoc]:
    """The heredocs of COPY and ADD that are sources, by the offset of their word in the joined text.

    In `COPY << EOF /x` the parser finds a heredoc, but none of its words is a source of that name
    (parseSourcesAndDest).
    """
    words = {word.at: word.text for word in instruction.words}
    return {
        heredoc.word.at: heredoc for heredoc in instruction.heredocs if words.get(heredoc.word.at) == heredoc.word.text
    }


def word_range(instruction: Instruction, word: Word, use: Use) -> tuple[int, int]:
    """The range of a use in a word; that of the word if its text differs from the source (JSON with escapes)."""
    joined = instruction.joined
    for at in (word.at, word.at + 1):
        if joined.text.startswith(word.text, at):
            return joined.at(at + use.start), joined.end(at + use.end)
    return word.start, word.end


def flag_range(instruction: Instruction, flag: Flag, text: str, use: Use) -> tuple[int, int]:
    """The range of a use in a part of a flag's value; that of the flag if quotes were removed from the part."""
    at = flag.word.text.find(text)
    if at < 0:
        return flag.word.start, flag.word.end
    at += flag.word.at
    return instruction.joined.at(at + use.start), instruction.joined.end(at + use.end)


def _holds_dollar(step: "Step") -> bool:
    instruction = step.instruction
    if "$" in instruction.joined.text:
        return True
    return step.keyword != "RUN" and any(
        step.stage.build.source.text.find("$", heredoc.start, heredoc.end) >= 0 for heredoc in instruction.heredocs
    )


def _of_flags(step: "Step") -> Iterator[Used]:
    instruction = step.instruction
    for flag in instruction.flags:
        if flag.name in _FLAGS.get(step.keyword, ()) and flag.value:
            for text in _fields(flag.value) if flag.name == "mount" else (flag.value,):
                for use in used_in(text, _escape(step)):
                    yield _used(step, use, *flag_range(instruction, flag, text, use))


def _fields(value: str) -> Iterator[str]:
    """The values of a mount's fields, except `from=`: its stage has to be known before the build."""
    for field in value.split(","):
        if not field.startswith(_FROM):
            yield field.partition("=")[2]


def _of_words(step: "Step") -> Iterator[Used]:
    instruction = step.instruction
    documents = documents_of(instruction)
    for word in instruction.words[: 1 if step.keyword in _ONE_WORD else None]:
        if word.at not in documents:
            yield from _of_word(step, word)
    for heredoc in documents.values():
        if heredoc.expand:
            body = step.stage.build.source.text[heredoc.start : heredoc.end]
            # In a body, quotes are ordinary characters, and the escape character is always a backslash.
            for use in used_in(body, "\\", skip_process_quotes=True):
                yield _used(step, use, heredoc.start + use.start, heredoc.start + use.end)


def _of_pairs(step: "Step") -> Iterator[Used]:
    """Uses in names and values. Names of ARG contain none, and its values see the pairs before them."""
    before: set[str] = set()
    is_argument = step.keyword == "ARG"
    for pair in step.instruction.pairs:
        for word in (pair.value,) if is_argument else (pair.name, pair.value):
            if word is not None:
                for use in _of_word(step, word):
                    yield use._replace(is_set=use.is_set or use.name in before)
        if is_argument:
            before.add(pair.name.text)


def _of_word(step: "Step", word: Word) -> Iterator[Used]:
    for use in used_in(word.text, _escape(step)):
        yield _used(step, use, *word_range(step.instruction, word, use))


def _escape(step: "Step") -> str:
    return step.stage.build.dockerfile.escape


def _used(step: "Step", use: Use, start: int, end: int) -> Used:
    # Every image has a PATH: if its configuration has none, the builder sets it.
    return Used(use.name, use.operator, start, end, use.name == "PATH" or use.name in step.variables)
