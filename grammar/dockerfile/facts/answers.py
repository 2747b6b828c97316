"""Whether a package manager is configured to assume yes as the answer to its questions."""

import re
import sys
from typing import TYPE_CHECKING

from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Stage
    from stackferry.grammar.dockerfile.facts.step import Step

_SETTING = regex(r"(?<!-)\bassume-?yes\b", re.IGNORECASE)
"""`APT::Get::Assume-Yes "true";` and yum's `assumeyes=1`, but not the options `--assume-yes` and `--assumeyes`."""


_NEVER = sys.maxsize


def assumes_yes(step: "Step") -> bool:
    """Whether this or an earlier RUN, or a file written by the Dockerfile, has such a setting."""
    return _since(step.stage) <= step.index


def _since(stage: "Stage") -> int:
    """The index of the first step in a stage with the setting; cached per stage, as there may be thousands of calls."""
    unknown: list[Stage] = []
    at: Stage | None = stage
    while at is not None and at.yes_since is None:
        unknown.append(at)
        at = at.parent
    since = _NEVER if at is None or at.yes_since is None else at.yes_since
    for descendant in reversed(unknown):
        if since == _NEVER:
            since = next((step.index for step in descendant.steps if _has(step)), _NEVER)
        descendant.yes_since = since
    return since


def _has(step: "Step") -> bool:
    if step.keyword not in ("RUN", "COPY"):
        return False
    instruction = step.instruction
    bodies = (step.stage.build.source.text[one.start : one.end] for one in instruction.heredocs)
    return any(_SETTING.search(text) for text in (instruction.joined.text, *bodies))
