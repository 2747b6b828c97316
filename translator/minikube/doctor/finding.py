"""The result of a check, and a row of the table of checks."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from stackferry.grammar.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from stackferry.translator.minikube.doctor.facts.facts import Facts

Verdict = Literal["ok", "warn", "FAIL"]


@dataclass(frozen=True, slots=True)
class Ending:
    """How minikube itself would end: its exit code, and its name for the case, if any."""

    code: int
    name: str = ""

    def __str__(self) -> str:
        return f"minikube would exit with {self.code} {self.name}".rstrip()


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a check. `hint` says what to do about it; `name` is the id of the check."""

    verdict: Verdict
    said: str
    hint: str = ""
    ending: Ending | None = None
    name: str = ""

    @property
    def message(self) -> str:
        """What is wrong, and how minikube would fail."""
        return f"{self.said}; {self.ending}" if self.ending else self.said


def ok(said: str) -> Finding:
    """Nothing is wrong."""
    return Finding("ok", said)


def warn(said: str, hint: str = "", ending: Ending | None = None) -> Finding:
    """The stack may run, but with restrictions or not for long."""
    return Finding("warn", said, hint, ending)


def fail(said: str, hint: str = "", ending: Ending | None = None) -> Finding:
    """No stack can run, or trying would lose something."""
    return Finding("FAIL", said, hint, ending)


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table. `look` returns None if there is nothing to check, and raises NotTriedError.

    `finds` and `remedy` are for the page of all checks. `virtualbox`: only for drivers with machines of VirtualBox.
    """

    name: str
    look: "Callable[[Facts], Finding | None]"
    finds: str
    remedy: str
    virtualbox: bool = False
