"""DL3002: Do not let the container run as root.

Whoever breaks into a process that runs as root owns the container, and is closer to the host.

    FROM node:22-slim
    USER root
    CMD ["node", "server.js"]

    FROM node:22-slim
    USER root
    RUN apt-get update && apt-get install -y --no-install-recommends tini
    USER node
    CMD ["node", "server.js"]

What counts is the last USER of the image that is built: that of the last stage, or of the stage it starts from.
hadolint reports the last USER of every stage, also of those that only build; with the set hadolint so do we.
A variable is judged by its value if the file tells it. Without USER nothing is reported: the base image may have one.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.dockerfile.facts.step import Step
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """The USER that holds at the end, if it is root."""
    stages = file.parts if settings.hadolint else file.parts[-1:]
    last = {step.index: step for stage in stages if (step := stage.user_step) is not None}
    for index in sorted(last):
        step = last[index]
        user = _user(step)
        if user is not None and (user == "root" or (user and not user.strip("0"))):
            word = step.instruction.words[0]
            yield Hit(
                word.start,
                word.end,
                f"the container runs as root: the last USER is {word.text}",
                "end the stage with another USER",
            )


def _user(step: "Step") -> str | None:
    """The user without the group, None if it is not known."""
    value = step.expanded(step.instruction.words[0].text)
    return None if value is None else value.partition(":")[0].strip()
