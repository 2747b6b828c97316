"""DL4001: Use either wget or curl, not both.

They do the same; a stage that uses both has to install both.

    RUN curl -fsSLO https://example.com/a
    RUN wget -q https://example.com/b

    RUN curl -fsSLO https://example.com/a
    RUN curl -fsSLO https://example.com/b

Each stage is judged for itself. With the set hadolint, every RUN that uses one of them is named once the stage has
used both; otherwise only the first.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_BOTH = frozenset(("curl", "wget"))


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Stages that call both."""
    triggered: set[str] = set()
    for stage in file.parts:
        used: set[str] = set()
        for step in stage.steps:
            if step.keyword != "RUN":
                continue
            # hadolint counts the triggers of all stages together, apart from all else.
            seen = triggered if step.onbuild and settings.hadolint else used
            done = len(seen) == len(_BOTH)
            calls = [call for call in step.calls(plain=settings.hadolint) if call.program in _BOTH]
            other = next((call for call in calls if done or (seen | {calls[0].program}) - {call.program}), None)
            seen.update(call.program for call in calls)
            if other is not None and (settings.hadolint or not done):
                place = other.place
                yield Hit(place.start, place.end, "the stage uses both wget and curl", "use one of them")
