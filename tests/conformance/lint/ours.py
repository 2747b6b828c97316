"""Our answer: `stackferry lint` called in this process. The one place of the harness that knows our linter.

Everything else takes a `Linter`; tests of the harness bring one of their own.
"""

import importlib.util
from collections.abc import Callable

from tests.conformance.lint.dockerfile import File
from tests.conformance.lint.found import Verdict

Linter = Callable[[File, str], Verdict]
"""What a linter with a set of rules (`hadolint`, `recommended` or `all`) says to a file."""


class MissingError(Exception):
    """Our linter cannot be asked; the message is one line."""


def lint(file: File, chosen: str) -> Verdict:
    """What we say to a file."""
    if importlib.util.find_spec("stackferry.grammar.lint.lint") is None:
        raise MissingError("stackferry.grammar.lint.lint does not exist: only the other linters were asked")
    raise MissingError("this harness does not know how to call stackferry.grammar.lint.lint")
