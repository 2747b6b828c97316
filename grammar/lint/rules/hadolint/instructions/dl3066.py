"""DL3066: Specify the user by ID.

Kubernetes cannot see whether a name is that of root, and refuses it where a pod asks for `runAsNonRoot`.

    FROM node:22-slim
    USER node

    FROM node:22-slim
    USER 1000

Windows has no such ids, so names are fine there, but for the set hadolint. A variable is judged by its value if ENV
sets it; one that ARG sets is up to whoever builds, as for hadolint.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.uses import used_in
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings

_LITERAL_START = regex(r"[\"']?([^$\"'\\:]*)")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Users that are known, and no numbers."""
    for step in file.steps("USER"):
        words = step.instruction.words
        if not words or step.onbuild or (step.stage.windows and not settings.hadolint):
            continue
        if _holds_argument(step, words[0].text):
            continue
        user = _user(step, words[0].text)
        if user and not user.isdecimal():
            yield Hit(
                words[0].start,
                words[0].end,
                f"the user {user} is a name, not an ID",
                "write the user's ID, such as 1000",
            )


def _user(step: "Step", text: str) -> str:
    """The user without the group; if it is not known, what it begins with."""
    value = step.expanded(text)
    if value is not None:
        return value.partition(":")[0].strip()
    start = _LITERAL_START.match(text)
    return start[1] if start else ""


def _holds_argument(step: "Step", text: str) -> bool:
    """Whether a text uses a variable that ARG sets."""
    used = used_in(text, step.stage.build.dockerfile.escape)
    return any(step.stage.scope.is_argument(use.name, step.index) for use in used)
