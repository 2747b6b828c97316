"""The shell scripts of a step: the line of a RUN with its heredocs, and the scripts that it passes to other shells.

`RUN make` is one script in the current shell. `RUN <<EOF` is its body, in the shell of its shebang or the
current shell. `RUN bash <<EOF` is the line, and the body as a script of bash; `RUN sh -c '…'` the line, and the string.
Each keeps a table from its text to the source, so that every command has its own place.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.commands import Invocation, invocations, part
from stackferry.grammar.dockerfile.facts.shells import POSIX, dialect, interpreter
from stackferry.grammar.dockerfile.instruction import Heredoc, Instruction, Joined, Word

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.shell.flow import Flow
    from stackferry.grammar.shell.script import Command, Script

SHELL_KEYWORDS = frozenset(("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"))
_DEEPEST = 4
"""Deepest nesting of scripts in scripts: `sh -c "sh -c …"`."""


class ScriptText:
    """A script: its text with the table to the source, and its dialect (`shells.py`; empty for another interpreter).

    `kind` is line, heredoc, string or exec (no shell reads it: the dialect is exec, too); `parent` is the script that
    passes it to a shell. `errexit` and `pipefail`: options its shell is started with (`sh -ec`, `bash -o pipefail -c`).
    """

    __slots__ = (
        "_commands",
        "_flow",
        "_script",
        "depth",
        "dialect",
        "errexit",
        "joined",
        "kind",
        "parent",
        "pipefail",
        "step",
    )

    def __init__(
        self,
        step: "Step",
        joined: Joined,
        dialect: str,
        kind: str,
        parent: "ScriptText | None" = None,
        *,
        errexit: bool = False,
        pipefail: bool = False,
    ) -> None:
        self.step = step
        self.joined = joined
        self.dialect = dialect
        self.kind = kind
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.errexit = errexit
        self.pipefail = pipefail
        self._script: Script | None = None
        self._flow: Flow | None = None
        self._commands: tuple[Invocation, ...] | None = None

    @property
    def text(self) -> str:
        """The script as its shell sees it."""
        return self.joined.text

    @property
    def script(self) -> "Script":
        """The parsed script."""
        if self._script is None:
            from stackferry.grammar.shell.parse import parse

            self._script = parse(self.joined.text)
        return self._script

    @property
    def commands(self) -> tuple[Invocation, ...]:
        """Its commands, including those inside constructs and substitutions, in text order."""
        if self._commands is None:
            self._commands = invocations(self)
        return self._commands

    def variables(self, command: "Command") -> Mapping[str, str | None]:
        """The variables that a command of this script sees, as far as they are known."""
        if self._flow is None:
            from stackferry.grammar.shell.variables import variables

            self._flow = variables(self.script, self.step.variables)
        return self._flow.at(command)

    def range(self, start: int, end: int) -> tuple[int, int]:
        """The range in the source of a range in the script."""
        return self.joined.at(start), self.joined.end(end)


def scripts_of(step: "Step") -> tuple[ScriptText, ...]:
    """The shell scripts of a step, outer ones first. An exec form is one with a single command."""
    instruction = step.instruction
    if instruction.keyword not in SHELL_KEYWORDS or not instruction.words:
        return ()
    if instruction.json is not None:
        joined = _exec_form(instruction.json, step.stage.build.source.text)
        return tuple(_with_inner(ScriptText(step, joined, "exec", "exec"))) if instruction.json else ()
    if instruction.keyword == "HEALTHCHECK" and (
        len(instruction.words) < 2 or instruction.words[0].text.upper() != "CMD"
    ):
        return ()
    outer = _outer(step, instruction)
    if outer is None or not outer.dialect or outer.dialect in ("cmd", "powershell"):
        return ()
    return tuple(_with_inner(outer))


def _outer(step: "Step", instruction: Instruction) -> ScriptText | None:
    rest = instruction.words[-1]
    heredocs = instruction.heredocs
    shell = step.shell
    if len(heredocs) == 1 and rest.text.strip() == heredocs[0].word.text.strip():
        heredoc = heredocs[0]
        body = _body(step, heredoc)
        named = interpreter(body.text.partition("\n")[0])
        if named:
            return ScriptText(step, body, dialect(named), "heredoc")
        return ScriptText(step, body, shell.dialect, "heredoc", errexit=False, pipefail=shell.pipefail)
    joined = part(instruction.joined, rest.at, rest.at + len(rest.text))
    for heredoc in heredocs:
        joined = _appended(joined, step, heredoc)
    return ScriptText(step, joined, shell.dialect, "line", pipefail=shell.pipefail)


def _with_inner(script: ScriptText) -> list[ScriptText]:
    """A script, and the scripts that its commands pass to shells."""
    found = [script]
    if script.depth >= _DEEPEST:
        return found
    for command in script.commands:
        for text, name, options in command.inner_scripts():
            inner = dialect(name or "sh")
            if inner not in ("", "cmd", "powershell"):
                child = ScriptText(
                    script.step,
                    text,
                    script.dialect if name in ("", "sh") and script.dialect in POSIX else inner,
                    "string",
                    script,
                    errexit="errexit" in options,
                    pipefail="pipefail" in options,
                )
                found += _with_inner(child)
    return found


def _exec_form(words: tuple[Word, ...], source: str) -> Joined:
    """An exec form as a script of one command, each argument in single quotes at the place of its string."""
    pieces: list[str] = []
    starts: list[int] = []
    sources: list[int] = []
    length = 0
    for word in words:
        quoted = word.text.replace("'", "'\\''")
        piece = f"'{quoted}' "
        plain = source[word.start + 1 : word.end - 1] == quoted
        # Escapes shift the characters after them: then each character gets the range of the whole string.
        starts += [length] if plain else range(length, length + len(piece))
        sources += [word.start] if plain else [word.start] * len(piece)
        pieces.append(piece)
        length += len(piece)
    return Joined("".join(pieces), tuple(starts), tuple(sources))


def _body(step: "Step", heredoc: Heredoc) -> Joined:
    text = step.stage.build.source.text[heredoc.start : heredoc.end]
    return _chomped(text, heredoc.start) if heredoc.chomp else Joined(text, (0,), (heredoc.start,))


def _chomped(text: str, start: int) -> Joined:
    """A body of `<<-` without the tabs at the start of its lines."""
    pieces, starts, sources, length, at = [], [], [], 0, start
    # Only a newline ends a line, as in the builder.
    *whole, last = text.split("\n")
    for line in (*(f"{line}\n" for line in whole), last):
        if not line:
            continue
        kept = line.lstrip("\t")
        starts.append(length)
        sources.append(at + len(line) - len(kept))
        pieces.append(kept)
        length += len(kept)
        at += len(line)
    return Joined("".join(pieces), tuple(starts) or (0,), tuple(sources) or (start,))


def _appended(joined: Joined, step: "Step", heredoc: Heredoc) -> Joined:
    """A line followed by the lines of a heredoc, as the shell reads them."""
    end = heredoc.closed if heredoc.closed >= 0 else heredoc.end
    lines = step.stage.build.source.text[heredoc.start : end]
    text = joined.text if joined.text.endswith("\n") else f"{joined.text}\n"
    return Joined(text + lines, (*joined.starts, len(text)), (*joined.sources, heredoc.start))
