"""DL3044: Do not use a variable in the same ENV that sets it.

All values of an ENV see the variables as they were before it, so that the new value is not there yet.

    FROM debian:12
    ENV APP_HOME=/srv/app PATH=$APP_HOME/bin:$PATH

    FROM debian:12
    ENV APP_HOME=/srv/app
    ENV PATH=$APP_HOME/bin:$PATH

A variable that an instruction before it sets as well is not reported, nor is one in its own value (`PATH=/x:$PATH`).
hadolint misses `${APP_HOME:-x}`, and takes variables of other stages for set.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.uses import used_in, word_range
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Uses of variables that the same ENV sets, and nothing before it."""
    escape = file.dockerfile.escape
    for step in file.steps("ENV"):
        pairs = step.instruction.pairs
        if len(pairs) < 2 or step.onbuild:
            continue
        names: dict[str, int] = {}
        for pair in pairs:
            names[pair.name.text] = names.get(pair.name.text, 0) + 1
        for pair in pairs:
            if pair.value is None or "$" not in pair.value.text:
                continue
            for use in used_in(pair.value.text, escape):
                others = names.get(use.name, 0) - (use.name == pair.name.text)
                if others > 0 and use.name not in step.variables:
                    message = f"{use.name} is not set yet: this same ENV sets it"
                    hint = f"set {use.name} in an ENV before this one"
                    yield Hit(*word_range(step.instruction, pair.value, use), message, hint)
