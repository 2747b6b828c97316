"""What the making of the desired state finds in a model: refusals, and notes on single uses of keys.

Every file that makes a part of it (`desired.py` and what it calls) reports here, with the canonical path
of the key; the lines of the files come in at the end, through `origin`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from grammar.diagnostics import Diagnostic, Severity, SourceError
from grammar.notes import Notes, Path, diagnostics, dotted
from grammar.source import Span

Origin = Callable[[Path], Span | None]
"""The place of a canonical path: `Loaded.origin`."""


def nowhere(path: Path) -> Span | None:
    """The origin of a model that no file stands behind."""
    return None


@dataclass(slots=True)
class Findings:
    """What was found so far. `strict`: what a real swarm refuses is refused."""

    origin: Origin = nowhere
    strict: bool = False
    notes: Notes = field(default_factory=Notes)
    refused: list[Diagnostic] = field(default_factory=list)

    def refuse(self, path: Path, code: str, message: str, hint: str = "") -> None:
        """The stack cannot be run like this."""
        self.refused.append(Diagnostic(code, Severity.ERROR, f"{dotted(path)}: {message}", self._span(path), hint))

    def warnings(self) -> tuple[Diagnostic, ...]:
        """The notes that somebody should read, in the order of the file."""
        return diagnostics(self.notes, self.origin)

    def stop_if_refused(self) -> None:
        """Raise SourceError with all refusals, if there are any."""
        if self.refused:
            raise SourceError(self.refused)

    def _span(self, path: Path) -> Span | None:
        return next((span for end in range(len(path), 0, -1) if (span := self.origin(path[:end]))), None)
