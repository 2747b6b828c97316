"""What we say about somebody's file: findings with a place, a stable code and a remedy.

Every phase reports into one `Diagnostics`, so that one run names all problems; `stackferry/render`
prints them. The exception root of the house lives here too, because every package may raise it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from grammar.source import Span


class Severity(Enum):
    """How bad a finding is; only `ERROR` makes a run fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `code` is stable (`compose-unknown-key`), `hint` says what to do, where we know."""

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.span}: " if self.span else ""
        text = f"{where}{self.severity.value}[{self.code}]: {self.message}"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class StackferryError(Exception):
    """The one root of all expected failures: the command line shows it and exits with 1.

    The message says what is wrong; `hint` what to do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SourceError(StackferryError):
    """Somebody's files cannot be used; `diagnostics` says why, every problem of them at once."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(one) for one in self.diagnostics))


@dataclass(slots=True)
class Diagnostics:
    """The list that the phases of one load report into."""

    found: list[Diagnostic] = field(default_factory=list)

    def error(self, code: str, message: str, span: Span | None, hint: str = "") -> None:
        """Report a problem that makes the file unusable."""
        self.found.append(Diagnostic(code, Severity.ERROR, message, span, hint))

    def warning(self, code: str, message: str, span: Span | None, hint: str = "") -> None:
        """Report something that is probably not meant."""
        self.found.append(Diagnostic(code, Severity.WARNING, message, span, hint))

    @property
    def failed(self) -> bool:
        """Whether anything found so far is an error."""
        return any(one.severity is Severity.ERROR for one in self.found)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.found)
