"""What is found in a model while its desired state is made: refusals, and notes on single uses of keys.

Each module that makes a part of the desired state (`stack.py` and what it calls) reports here, with the canonical
path of the key; `origin` adds the lines of the files at the end.
"""

from collections.abc import Collection
from dataclasses import field, replace

from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError
from stackferry.grammar.key_path import Path, dotted
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.notes import Notes, Origin, diagnostics, nearest, nowhere


@dataclass(slots=True)
class Findings:
    """The findings so far. `strict`: refuse what a swarm refuses. `jobs`: services that are jobs in the file."""

    origin: Origin = nowhere
    strict: bool = False
    jobs: Collection[str] = ()
    notes: Notes = field(default_factory=Notes)
    refused: list[Diagnostic] = field(default_factory=list)

    def refuse(self, path: Path, code: str, message: str, hint: str = "") -> None:
        """Report that the stack cannot run like this."""
        path = self._written(path)
        span = nearest(path, self.origin)
        self.refused.append(Diagnostic(code, Severity.ERROR, f"{dotted(path)}: {message}", span, hint))

    def settle(self) -> None:
        """Call it at the end: notes on a service that is a job in the file are moved to the job."""
        self.notes.found = [replace(note, path=self._written(note.path)) for note in self.notes.found]

    def _written(self, path: Path) -> Path:
        is_job = path[:1] == ("services",) and len(path) > 1 and path[1] in self.jobs
        return ("jobs", *path[1:]) if is_job else path

    def warnings(self) -> tuple[Diagnostic, ...]:
        """The notes that deserve a warning, in the order of the file."""
        return diagnostics(self.notes, self.origin)

    def stop_if_refused(self) -> None:
        """Raise SourceError with all refusals, if there are any."""
        if self.refused:
            raise SourceError(self.refused)
