"""Our deliberate differences from docker compose. The only table; `docs/config-differences.md` explains them.

An entry excuses a difference in the tests and in the report's figures. It needs a reason that is not
"not done yet", and a heading of the same words in the page.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.conformance import peer
from tests.conformance.compare import VERDICT, Difference
from tests.conformance.older import OLDER


@dataclass(frozen=True, slots=True)
class Known:
    """One difference that is meant. `applies` sees the difference; `heading` is the page's."""

    heading: str
    applies: Callable[[Difference], bool]


def _refused_for(*words: str) -> Callable[[Difference], bool]:
    """The peer refuses, for a reason with these words in it, what we accept."""
    return lambda difference: (
        difference.path == VERDICT
        and difference.kind == "refused/accepted"
        and all(word in difference.peer for word in words)
    )


KNOWN: tuple[Known, ...] = (
    Known("An SSH key with a path", _refused_for("MarshalJSON for type types.SSHKey")),
    Known("A number after its own text in a list", _refused_for("items at", "are equal")),
    Known(
        "A build's ulimit in quotes",
        lambda difference: (
            (difference.path, difference.kind) == (VERDICT, "crashed/accepted") and "UlimitsConfig" in difference.peer
        ),
    ),
    Known("A file that says it is YAML 1.2", _refused_for("found incompatible YAML document")),
    Known(
        "Models in JSON",
        lambda difference: difference.kind == "extra" and difference.path == "models",
    ),
    Known(
        "Block I/O devices in JSON",
        lambda difference: (
            ".blkio_config." in difference.path
            and difference.path.rsplit(".", 1)[1].lower() in ("path", "rate", "weight")
            and difference.kind in ("missing", "extra")
        ),
    ),
)


def known(difference: Difference) -> Known | None:
    """The entry that explains the difference, if there is one; docker compose 2.40.3 has more of them."""
    older = [Known(one.says, one.applies) for one in OLDER] if peer.loader().old else []
    return next((entry for entry in (*KNOWN, *older) if entry.applies(difference)), None)
