"""What the making of the desired state finds in a model: refusals, and notes on single uses of keys.

Every file that makes a part of it (`stack.py` and what it calls) reports here, with the canonical path
of the key; the lines of the files come in at the end, through `origin`.
"""

from dataclasses import dataclass, field

from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError
from stackferry.grammar.key_path import Path, dotted
from stackferry.grammar.notes import Notes, Origin, diagnostics, nearest, nowhere


@dataclass(slots=True)
class Findings:
    """What was found so far. `strict`: what a real swarm refuses is refused."""

    origin: Origin = nowhere
    strict: bool = False
    notes: Notes = field(default_factory=Notes)
    refused: list[Diagnostic] = field(default_factory=list)

    def refuse(self, path: Path, code: str, message: str, hint: str = "") -> None:
        """The stack cannot be run like this."""
        span = nearest(path, self.origin)
        self.refused.append(Diagnostic(code, Severity.ERROR, f"{dotted(path)}: {message}", span, hint))

    def warnings(self) -> tuple[Diagnostic, ...]:
        """The notes that somebody should read, in the order of the file."""
        return diagnostics(self.notes, self.origin)

    def stop_if_refused(self) -> None:
        """Raise SourceError with all refusals, if there are any."""
        if self.refused:
            raise SourceError(self.refused)
