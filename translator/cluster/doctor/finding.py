"""The result of a check of a cluster."""

from typing import Literal

from stackferry.grammar.lazy_dataclass import dataclass

Verdict = Literal["ok", "warn", "FAIL"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`name` is the id of the check; `hint` says what to do about it."""

    name: str
    verdict: Verdict
    message: str
    hint: str = ""


def ok(name: str, message: str) -> Finding:
    """Nothing is wrong."""
    return Finding(name, "ok", message)


def warn(name: str, message: str, hint: str = "") -> Finding:
    """The stack may run, but with restrictions or not everywhere."""
    return Finding(name, "warn", message, hint)


def fail(name: str, message: str, hint: str = "") -> Finding:
    """The stack cannot run there."""
    return Finding(name, "FAIL", message, hint)
