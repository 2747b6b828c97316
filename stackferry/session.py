"""What one run of the command line knows: its environment, its streams, and how to report to a person.

Made once by `cli.main`; every command gets it. All reporting goes through here, to standard error.
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
"""Of progress: a block that is redrawn, or lines, or lines of JSON, or none."""
Ansi = Literal["auto", "always", "never"]


class StackChoice(NamedTuple):
    """Which stack is meant: the options that every command shares."""

    files: tuple[str, ...] = ()
    project_name: str | None = None
    profiles: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    project_directory: str | None = None
    all_resources: bool = False

    def with_later(self, later: "StackChoice") -> "StackChoice":
        """Both together: of what can be said once the later one wins, lists add up."""
        return StackChoice(
            self.files + later.files,
            later.project_name if later.project_name is not None else self.project_name,
            self.profiles + later.profiles,
            self.env_files + later.env_files,
            later.project_directory if later.project_directory is not None else self.project_directory,
            self.all_resources or later.all_resources,
        )


class LeftToCallerError(BaseException):
    """What a standby process leaves to the process that asked, which runs all of it; no failure, and no handler's."""


class Session:
    """One run. `machine` is set by `--format json`: reports are then held back and printed as one JSON list.

    `standby`: this is the standby process (`standby/`), which only answers what it can answer at once.
    `ansi`: colours and redrawing at once, where neither is said. `parallel`: images moved at a time, 0: the default.
    `at_end` has what is to be done when the run is over, however it ends.
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
        """Whether what is written there may be drawn over: on a terminal that can, unless lines were asked for."""
        if self.progress != "auto" or self.ansi != "auto":
            # What is said of progress is the more particular.
            return self.progress == "tty" or (self.progress == "auto" and self.ansi == "always")
        stream = sys.stderr if error_stream else sys.stdout
        return stream.isatty() and self.environment.get("TERM") != "dumb"

    @property
    def silent(self) -> bool:
        """Whether no progress is to be shown."""
        return self.progress == "quiet"

    def in_own_process(self) -> None:
        """Said before what takes time, changes something or asks somebody: no standby process goes on from here.

        Raises LeftToCallerError there. Nothing may have been changed yet.
        """
        if self.standby:
            raise LeftToCallerError

    def stdin(self) -> bytes:
        """Standard input, read once: for the loader, and again to show a line of it."""
        if self._stdin is None:
            self.in_own_process()
            # Without standard input (`<&-`) there is no such stream.
            self._stdin = sys.stdin.buffer.read(LARGEST_FILE + 1) if sys.stdin else b""
        return self._stdin

    def report(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Show findings, each once: at once to a person, at the end to a machine."""
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
            # The line of a mistake helps to mend it; a warning is about what is right where it stands.
            lines = self._line if diagnostic.severity is Severity.ERROR else _no_line
            print(diagnostic_text(diagnostic, style, lines), file=sys.stderr)

    def fail(self, error: Exception, message: str, hint: str = "") -> None:
        """Show why the run failed."""
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
        """Print what was held back for a machine."""
        if self._held:
            print(diagnostics_json(self._held), file=sys.stderr)
            self._held.clear()

    def _line(self, source: str, number: int) -> str | None:
        """One line of a source as it was read, None if it cannot be had."""
        if source not in self._lines:
            # Once a source: a file with thousands of mistakes is not read and cut for each.
            try:
                content = self._stdin if source == "-" else self.files.read(source)
            except OSError:
                content = None
            self._lines[source] = (content or b"").decode("utf-8", "replace").splitlines()
        lines = self._lines[source]
        return lines[number - 1] if 0 < number <= len(lines) else None


def _no_line(_source: str, _number: int) -> None:
    return None
