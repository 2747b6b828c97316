"""One run of the command line: its environment, its streams, and how it reports to a person.

`cli.main` makes one session and passes it to the command. All reports go through it to standard error.
"""

import sys
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import Literal, NamedTuple

from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError
from stackferry.grammar.files import LARGEST_FILE, Disk
from stackferry.render.diagnostics import diagnostic_text, diagnostics_json, in_file_order
from stackferry.render.style import Style

Colour = Literal["auto", "always", "never"]
Manner = Literal["auto", "tty", "plain", "json", "quiet"]
"""How progress is shown: as a redrawn block, as lines, as lines of JSON, or not at all."""
Ansi = Literal["auto", "always", "never"]


class StackChoice(NamedTuple):
    """The options that choose the stack; every command has them."""

    files: tuple[str, ...] = ()
    project_name: str | None = None
    profiles: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    project_directory: str | None = None
    all_resources: bool = False

    def with_later(self, later: "StackChoice") -> "StackChoice":
        """Merge both choices: lists are concatenated, and the later choice wins for single values."""
        return StackChoice(
            self.files + later.files,
            later.project_name if later.project_name is not None else self.project_name,
            self.profiles + later.profiles,
            self.env_files + later.env_files,
            later.project_directory if later.project_directory is not None else self.project_directory,
            self.all_resources or later.all_resources,
        )


class LeftToCallerError(BaseException):
    """The standby process leaves the whole command to the calling process. Not an error: no handler catches it."""


class Session:
    """One run. `machine` is set by `--format json`: reports are then held back and printed as one JSON list.

    `standby`: this is the standby process (`standby/`), which runs only commands that it can answer at once.
    `ansi`: the default for both `colour` and redrawing. `parallel`: images moved at a time; 0 is the default number.
    `at_end` runs its callbacks when the run is over, however it ends.
    """

    __slots__ = (
        "_held",
        "_lines",
        "_stdin",
        "_told",
        "ansi",
        "at_end",
        "colour",
        "environment",
        "files",
        "machine",
        "parallel",
        "progress",
        "stack",
        "standby",
    )

    def __init__(
        self,
        environment: Mapping[str, str],
        stack: StackChoice = StackChoice(),  # noqa: B008 - it is frozen
        *,
        progress: Manner = "auto",
        ansi: Ansi = "auto",
        colour: Colour = "auto",
        standby: bool = False,
    ) -> None:
        self.environment = environment
        self.standby = standby
        self.stack = stack
        self.colour = colour
        self.progress = progress
        self.ansi = ansi
        self.parallel = 0
        self.machine = False
        self.files = Disk()
        self.at_end = ExitStack()
        self._held: list[Diagnostic] = []
        self._told: set[Diagnostic] = set()
        self._lines: dict[str, list[str]] = {}
        self._stdin: bytes | None = None

    def style(self, *, error_stream: bool) -> Style:
        """The colours for standard output or standard error."""
        return Style.choose(
            self.ansi if self.colour == "auto" else self.colour,
            self.environment,
            sys.stderr if error_stream else sys.stdout,
        )

    def redraws(self, *, error_stream: bool) -> bool:
        """Whether output there may be redrawn: on a capable terminal, unless the user asked for lines."""
        if self.progress != "auto" or self.ansi != "auto":
            # `--progress` is more specific than `--ansi`.
            return self.progress == "tty" or (self.progress == "auto" and self.ansi == "always")
        stream = sys.stderr if error_stream else sys.stdout
        return stream.isatty() and self.environment.get("TERM") != "dumb"

    @property
    def silent(self) -> bool:
        """Whether no progress is to be shown."""
        return self.progress == "quiet"

    def in_own_process(self) -> None:
        """Called before a command takes time, changes something or prompts: a standby process must stop here.

        Raises LeftToCallerError in a standby process. Nothing may have been changed before this call.
        """
        if self.standby:
            raise LeftToCallerError

    def stdin(self) -> bytes:
        """Standard input, read once and kept: the loader parses it, and diagnostics quote its lines."""
        if self._stdin is None:
            self.in_own_process()
            # Without standard input (`<&-`) there is no such stream.
            self._stdin = sys.stdin.buffer.read(LARGEST_FILE + 1) if sys.stdin else b""
        return self._stdin

    def report(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Report diagnostics, each once: immediately to a person, at the end of the run to a machine."""
        diagnostics = [one for one in diagnostics if one not in self._told]
        self._told.update(diagnostics)
        if self.machine:
            self._held.extend(in_file_order(diagnostics))
            return
        if self.progress == "json":
            from stackferry.render.json_lines import diagnostic_line

            for diagnostic in in_file_order(diagnostics):
                print(diagnostic_line(diagnostic), file=sys.stderr)
            return
        style = self.style(error_stream=True)
        for diagnostic in in_file_order(diagnostics):
            # Only errors quote their line, since it helps to fix them; the line of a warning is correct as it is.
            lines = self._line if diagnostic.severity is Severity.ERROR else _no_line
            print(diagnostic_text(diagnostic, style, lines), file=sys.stderr)

    def fail(self, error: Exception, message: str, hint: str = "") -> None:
        """Report why the run failed."""
        if isinstance(error, SourceError):
            self.report(error.diagnostics)
        else:
            self.report([Diagnostic("", Severity.ERROR, message, None, hint)])

    def note(self, message: str) -> None:
        """Show a line of progress or a summary."""
        if self.machine:
            self._held.append(Diagnostic("", Severity.INFO, message))
        elif self.progress == "json":
            from stackferry.render.json_lines import note_line

            print(note_line(message), file=sys.stderr)
        else:
            print(message, file=sys.stderr)

    def close(self) -> None:
        """Print the diagnostics that were held back for a machine."""
        if self._held:
            print(diagnostics_json(self._held), file=sys.stderr)
            self._held.clear()

    def _line(self, source: str, number: int) -> str | None:
        """One line of a source as it was read; None if it is not available."""
        if source not in self._lines:
            # Once per source: a file with thousands of errors is not read and split for each of them.
            try:
                content = self._stdin if source == "-" else self.files.read(source)
            except OSError:
                content = None
            self._lines[source] = (content or b"").decode("utf-8", "replace").splitlines()
        lines = self._lines[source]
        return lines[number - 1] if 0 < number <= len(lines) else None


def _no_line(_source: str, _number: int) -> None:
    return None
