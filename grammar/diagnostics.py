"""Findings about the user's files: each has a place, a stable code and a remedy.

Every phase reports into one `Diagnostics`, so that one run names all problems; `stackferry/render`
prints them. The root of all exceptions is here too, because every package may raise it.
"""

from collections.abc import Collection, Iterable, Iterator
from enum import Enum
from typing import NamedTuple, NoReturn

from stackferry.grammar.source import Span
from stackferry.grammar.suggest import Suggestions


class Severity(Enum):
    """How bad a finding is; only `ERROR` makes a run fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Diagnostic(NamedTuple):
    """One finding. `code` is stable (`unknown-key`), `hint` says what to do, where we know."""

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
    """The root of all expected failures: the command line shows the message and exits with 1.

    The message says what is wrong; `hint` says what to do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SourceError(StackferryError):
    """The user's files cannot be used; `diagnostics` has all problems at once."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(one) for one in self.diagnostics))


MOST = 100
"""Most errors, and most warnings, of one run: nobody reads more, and a hostile file has a hundred thousand."""
_LONGEST = 1_000
"""Maximum length of a message in characters, as it may quote the file."""
ROOM = 400_000
"""How many values a load may add to those in its files: far above any real stack, a second to handle."""


class Diagnostics:
    """The list that the phases of one load report into; after `MOST` errors the load ends.

    `room` is how many more values the load may still add.
    """

    __slots__ = ("_told", "errors", "found", "room", "suggestions", "warnings")

    def __init__(self, room: int = ROOM) -> None:
        self.found: list[Diagnostic] = []
        self.suggestions = Suggestions()
        self.errors = 0
        self.warnings = 0
        self.room = room
        self._told: set[object] = set()

    def error(self, code: str, message: str, span: Span | None, hint: str = "") -> None:
        """Report a problem that makes the file unusable; only once, though several phases or documents may find it."""
        finding = Diagnostic(code, Severity.ERROR, _cut(message), span, _cut(hint))
        # Each phase that reads a value of a wrong type finds the error; the first phase describes it best.
        told = (code, span, message.partition(": ")[0]) if code == "wrong-type" else finding
        if told in self._told:
            return
        if self.errors >= MOST:
            self.refuse(
                "too-many-problems", f"more than {MOST} problems: the rest is not shown", None, "fix these first"
            )
        self.errors += 1
        self._told.add(told)
        self.found.append(finding)

    def refuse(self, code: str, message: str, span: Span | None, hint: str = "") -> NoReturn:
        """Report a problem that makes reading on pointless: raises SourceError with all problems so far."""
        self.errors += 1
        self.found.append(Diagnostic(code, Severity.ERROR, _cut(message), span, hint))
        raise SourceError(self)

    def warning(self, code: str, message: str, span: Span | None, hint: str = "") -> None:
        """Report something that is probably a mistake."""
        self.warnings += 1
        if self.warnings <= MOST:
            self.found.append(Diagnostic(code, Severity.WARNING, _cut(message), span, _cut(hint)))
        elif self.warnings == MOST + 1:
            message = f"more than {MOST} warnings: the rest is not shown"
            self.found.append(Diagnostic("too-many-warnings", Severity.WARNING, message))

    def grow(self, values: int, what: str, span: Span | None) -> None:
        """Count `values` that `what` adds to the written ones; too many end the load."""
        self.room -= values
        if self.room < 0:
            hint = "remove repetitions: no real stack is this large"
            self.refuse("too-large", f"too many values: {what} multiply", span, hint)

    def did_you_mean(self, name: str, known: Collection[str]) -> str:
        """A hint with the closest known name; empty if none is close, or after too many comparisons."""
        return self.suggestions.did_you_mean(name, known)

    @property
    def failed(self) -> bool:
        """Whether anything found so far is an error."""
        return self.errors > 0

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.found)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
