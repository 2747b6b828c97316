"""Where we differ from docker compose on purpose. The one table; `docs/differences.md` says the same to people.

An entry excuses a difference in the tests and in the report's figures. It needs a reason that is not
"not done yet", and a heading of the same words in the page.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.conformance.compare import VERDICT, Difference


@dataclass(frozen=True, slots=True)
class Known:
    """One difference that is meant. `applies` sees the difference; `heading` is the page's."""

    heading: str
    applies: Callable[[Difference], bool]


KNOWN: tuple[Known, ...] = (
    Known(
        "An SSH key with a path, printed as JSON",
        lambda difference: (
            difference.path == VERDICT
            and difference.kind == "refused/accepted"
            and "MarshalJSON for type types.SSHKey" in difference.peer
        ),
    ),
)


def known(difference: Difference) -> Known | None:
    """The entry that explains the difference, if there is one."""
    return next((entry for entry in KNOWN if entry.applies(difference)), None)
