"""prefer-copy-chmod: Set the mode of a file when copying it.

A chmod in a RUN of its own keeps a second copy of the file in the image.

    FROM debian:12
    COPY run.sh /run.sh
    RUN chmod +x /run.sh

    FROM debian:12
    COPY --chmod=755 run.sh /run.sh

Only a RUN of nothing but one chmod is judged, right after the COPY of that one file.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """A COPY, and after it a chmod of what it copied."""
    for stage in file.parts:
        for copy, run in pairwise(stage.steps):
            words = copy.instruction.words
            if copy.keyword != "COPY" or run.keyword != "RUN" or copy.onbuild or run.onbuild or len(words) != _PAIR:
                continue
            if copy.instruction.flag("chmod") is not None or len(run.scripts) != 1:
                continue
            calls = run.scripts[0].commands
            target = copy.expanded(words[1].text)
            if target and target.endswith("/"):
                target += words[0].text.rpartition("/")[2]
            if len(calls) == 1 and calls[0].program == "chmod" and calls[0].values[1:] == (target,):
                first = calls[0].first
                yield Hit(first.start, first.end, f"chmod stores {target} in the image a second time", _HINT)


_PAIR = 2
_HINT = "write COPY --chmod=755, or another mode"
