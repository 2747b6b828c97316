"""The calls in a RUN as hadolint reads them, for the rules that follow it exactly.

It sees the names in the RUN's own line, or in the heredoc that the RUN begins with, whatever its shell or interpreter;
an exec form counts as a line of its words. A variable is plain text: `$X` is `${X}`, whatever its value.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.commands import part
from stackferry.grammar.dockerfile.facts.programs.calls import Call
from stackferry.grammar.dockerfile.facts.programs.legible import legible
from stackferry.grammar.dockerfile.facts.scripts import ScriptText
from stackferry.grammar.dockerfile.instruction import Joined
from stackferry.grammar.regex import regex
from stackferry.grammar.shell.word import Literal, ShellWord, Substitution, Variable

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.dockerfile.instruction import Instruction
    from stackferry.grammar.shell.script import Command

_TESTS = ("[[", "[")
_LOOKED_THROUGH = frozenset(("builtin", "busybox", "command", "run"))
_BRACES = regex(r"\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}")
_ASSIGNED = regex(r"(?<=\$\()\s*(?:\w+=[^\s)]*\s*)+")
_ASSIGNMENT = regex(r"\w+\+?=")
_OPAQUE = "${VAR}"


class PlainCall(Call):
    """A call as hadolint reads it. `program` is the name as written: `/usr/bin/apt-get` is not apt-get."""

    __slots__ = ()

    @property
    def words(self) -> tuple[ShellWord, ...]:
        """The words after the first; `time` is not counted, as it is a keyword of the shell."""
        return _untimed(self.invocation.command)[1:]

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of its arguments."""
        return tuple(map(_text, self.words))

    def has(self, *texts: str) -> bool:
        """Whether an argument is one of the texts."""
        return any(text in texts for text in self.texts)

    def has_flag(self, *flags: str) -> bool:
        """Whether a flag is given, named without dashes: `y` for `-y` and `-qy`, `yes` for `--yes` and `--yes=…`."""
        return any(flag in flags for flag, _ in _flags(self.texts))

    def count_flag(self, flag: str) -> int:
        """How often a flag is given."""
        return sum(1 for name, _ in _flags(self.texts) if name == flag)

    def operands(self, valued: frozenset[str] = frozenset()) -> list[tuple[str, ShellWord]]:
        """The arguments that are no flags, without the values of the `valued` flags: (text, word)."""
        words = self.words
        texts = tuple(map(_text, words))
        flags = list(_flags(texts))
        left_out = {at for _, at in flags} | {at + 1 for flag, at in flags if flag in valued and "=" not in texts[at]}
        return [pair for at, pair in enumerate(zip(texts, words, strict=True)) if at not in left_out]

    def range(self, word: ShellWord) -> tuple[int, int]:
        """The range of a word in the source."""
        return self.invocation.script.range(word.start, word.end)


def plain_calls_of(step: "Step") -> tuple[PlainCall, ...]:
    """The calls in a step that hadolint sees."""
    script = step.plain_script
    if script is None:
        return ()
    end = legible(script.script)
    return tuple(
        PlainCall(_name(command.command), command)
        for command in script.commands
        if command.command.name not in _TESTS and command.command.start < end
    )


def plain_script_of(step: "Step") -> ScriptText | None:
    """The one script of a RUN that hadolint sees; None if there is none."""
    instruction = step.instruction
    if instruction.keyword != "RUN" or not instruction.words:
        return None
    if any(heredoc.closed < 0 for heredoc in instruction.heredocs):
        # To hadolint it is no heredoc then, and to its shell an unclosed one.
        return None
    is_plain = instruction.json is None and _begin(instruction) == instruction.words[-1].at
    if is_plain and step.scripts and (not instruction.heredocs or step.scripts[0].kind == "heredoc"):
        return step.scripts[0]
    return ScriptText(step, _plain_text(step), "bash", "line")


def _plain_text(step: "Step") -> Joined:
    instruction = step.instruction
    if instruction.json is not None:
        starts: list[int] = []
        length = 0
        for word in instruction.json:
            starts.append(length)
            length += len(word.text) + 1
        sources = tuple(word.start + 1 for word in instruction.json)
        return Joined(" ".join(word.text for word in instruction.json), tuple(starts) or (0,), sources or (0,))
    rest = instruction.words[-1]
    end = rest.at + len(rest.text)
    if not instruction.heredocs:
        return part(instruction.joined, _begin(instruction), end)
    heredoc = instruction.heredocs[0]
    if not rest.text.startswith("<<"):
        # Hadolint ignores text after the heredoc's word on the line.
        return part(instruction.joined, rest.at, heredoc.word.at)
    line = part(instruction.joined, heredoc.word.at + len(heredoc.word.text), end)
    body = step.stage.build.source.text[heredoc.start : heredoc.end]
    text = f"{line.text}\n"
    return Joined(text + body, (*line.starts, len(text)), (*line.sources, heredoc.start))


def _begin(instruction: "Instruction") -> int:
    """Where the script begins in the joined text: `--` after the flags is part of it."""
    rest = instruction.words[-1]
    before = instruction.joined.text[: rest.at].rstrip()
    return len(before) - 2 if before.endswith("--") and before[-3:-2].isspace() else rest.at


def _untimed(command: "Command") -> tuple[ShellWord, ...]:
    """The words of a command without the shell's keywords before it: `!` inside a pipe, `time` and its options."""
    words = command.words
    if command.assignments:
        return words
    at, timed, negated = 0, False, False
    while at < len(words) - 1:
        text = words[at].text
        if text.replace("\\", "") == "time":
            timed = True
        elif text == "!":
            negated = True
        elif not (timed and text.startswith("-")) and not ((timed or negated) and _ASSIGNMENT.match(text)):
            break
        at += 1
    return words[at:]


def _name(command: "Command") -> str:
    """The name of a command as in ShellCheck: the command that `command`, `exec` and the like run."""
    words = _untimed(command)
    name = words[0].literal or ""
    if not command.assignments:
        name = name.removeprefix("!")
    if name in _LOOKED_THROUGH and len(words) > 1 and not words[1].text.startswith("-"):
        return words[1].literal or ""
    if name == "exec":
        at = 1
        while at < len(words) and words[at].text.startswith("-"):
            at += 2 if words[at].text.endswith("a") else 1
        return (words[at].literal or "") if at < len(words) else name
    return name


def _flags(texts: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Flags without dashes, with the indices of their words: each letter of `-qy` is a flag."""
    for at, text in enumerate(texts):
        if text in ("-", "--"):
            continue
        if text.startswith("--"):
            yield text[2:].partition("=")[0], at
        elif text.startswith("-"):
            yield from ((letter, at) for letter in text[1:])


def _text(word: ShellWord) -> str:
    """A word without quotes and escapes, with its expansions as written."""
    if word.literal is not None and "{" not in word.text:
        return word.literal
    found = ""
    for piece in word.parts:
        inside = word.text[piece.start - word.start : piece.end - word.start]
        if isinstance(piece, Literal):
            found += piece.value if piece.quoted else _BRACES.sub("", piece.value)
        elif isinstance(piece, Variable):
            found += inside if inside.startswith("${") else f"${{{inside[1:]}}}"
        elif isinstance(piece, Substitution):
            found += {"$(": _ASSIGNED.sub("", inside), "`": _OPAQUE}.get(piece.opening, "")
        else:
            found += _OPAQUE
    return found
