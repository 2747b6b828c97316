"""UndefinedVar: Set a variable before it is used.

A build fills in nothing for a variable that neither ARG nor ENV sets, which is mostly a slip.

    FROM debian:12
    ENV APP_HOME=/srv/app
    WORKDIR $APPHOME

    FROM debian:12
    ENV APP_HOME=/srv/app
    WORKDIR $APP_HOME

An ARG before the first FROM counts only in a stage that repeats it. In RUN, CMD and ENTRYPOINT variables are the
shell's. The environment of the base image is not known here: unless the image is a bare system such as debian, and
where a default is in place (`${APP_HOME:-/srv}`), a finding is only an info; BuildKit asks the registry.
Where DL3044 or arg-out-of-scope says the same of a variable, this rule says nothing.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.base_environment import is_bare
from stackferry.grammar.dockerfile.facts.uses import KEYWORDS, uses
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.suggest import Suggestions

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_NOT_IN_ENVIRONMENT = frozenset(("BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"))
_DEFAULTS = ("-", ":-", "+", ":+")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Variables that are not set where they are used (BuildKit's reportUnmatchedVariables)."""
    given = {pair.name.text for instruction in file.arguments for pair in instruction.pairs}
    suggestions = Suggestions()
    for step in file.steps(*KEYWORDS):
        if step.onbuild:
            continue
        for use in uses(step):
            if use.is_set or use.name in _NOT_IN_ENVIRONMENT:
                continue
            if use.name in given:
                hint = f"repeat ARG {use.name} in this stage"
            else:
                hint = suggestions.did_you_mean(use.name, tuple(step.variables)) or "set it with ARG or ENV before"
            is_sure = is_bare(step.stage.root.image) and use.operator not in _DEFAULTS
            message = f"{use.name} is not set here" + (
                "" if is_bare(step.stage.root.image) else ", unless the base image sets it"
            )
            yield Hit(use.start, use.end, message, hint, "" if is_sure else "info")
