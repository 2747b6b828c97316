"""Whether a package manager is told in its configuration to take yes for an answer."""

import re
from typing import TYPE_CHECKING

from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Stage
    from stackferry.grammar.dockerfile.facts.step import Step

_SETTING = regex(r"(?<!-)\bassume-?yes\b", re.IGNORECASE)
"""`APT::Get::Assume-Yes "true";` and yum's `assumeyes=1`; not the options `--assume-yes` and `--assumeyes`."""


def assumes_yes(step: "Step") -> bool:
    """Whether a RUN up to this one, or a file in the Dockerfile, has such a setting."""
    stage: Stage | None = step.stage
    while stage is not None:
        for other in stage.steps:
            if other.keyword in ("RUN", "COPY") and other.index <= step.index and _has(other):
                return True
        stage = stage.parent
    return False


def _has(step: "Step") -> bool:
    instruction = step.instruction
    bodies = (step.stage.build.source.text[one.start : one.end] for one in instruction.heredocs)
    return any(_SETTING.search(text) for text in (instruction.joined.text, *bodies))
