"""The answer of one side: it accepts the files and gives their meaning, or refuses them with a reason."""

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Verdict(Enum):
    """How a run ended. Only the first two are answers; the others are defects of whoever gives them."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    CRASHED = "crashed"
    HUNG = "hung"


@dataclass(frozen=True, slots=True)
class Answer:
    """`document` is what an accepting side printed (JSON as values, YAML as lines), `error` why one did not accept."""

    verdict: Verdict
    document: Any = None
    error: str = ""
