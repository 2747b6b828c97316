"""copy-after-user-without-chown: Set the owner of files copied after USER.

COPY and ADD make files of root, whatever USER says; the user may read them, and not write.

    FROM node:22
    USER node
    COPY app /app

    FROM node:22
    USER node
    COPY --chown=node:node app /app

That can be meant, so this rule is not in the recommended set. Write --chown=root to say so.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_ROOT = ("", "0", "root")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """COPY and ADD of a user who is not root, without an owner."""
    for step in file.steps("ADD", "COPY"):
        user = (step.user or "").partition(":")[0]
        if user in _ROOT or step.onbuild or step.stage.windows or step.instruction.flag("chown") is not None:
            continue
        word = step.instruction.word
        yield Hit(word.start, word.end, f"the copied files belong to root, not to {user}", f"write --chown={user}")
