"""The uid and gid of a service's process: from `user`, from a local Dockerfile, from a table of images.

A claim belongs to root unless a group is set, and only numbers can be set. An unknown identity is None, never guessed:
a wrong number would do more harm than none.
"""

import re
from typing import TYPE_CHECKING

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.terms import User
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.host import Host
from stackferry.translator.image_facts.local_build import built_stage
from stackferry.translator.image_facts.reference import name_and_tag
from stackferry.translator.image_facts.users import IDENTITIES, VENDORS

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Stage

HIGHEST_ID = 2**31 - 1
"""The highest uid or gid that Kubernetes takes."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A uid and a gid; `key` is the key of the service that the facts come from: user, build or image."""

    user: int
    group: int
    key: str

    @property
    def is_root(self) -> bool:
        """Whether it is root, who may write everybody's files."""
        return self.user == 0


def identity(service: Service, host: Host) -> Identity | None:
    """The identity of the service's process; None if unknown."""
    if service.user:
        return _numbers(service.user, "user")
    if service.build is None:
        return _of_image(service.image, "image")
    stage = built_stage(service, host)
    if stage is None:
        return None
    if stage.user:
        return _numbers(User(stage.user), "build") or _created(stage)
    return _of_image(stage.root.image, "build") if stage.user == "" else None


def _numbers(user: User, key: str) -> Identity | None:
    number = 0 if user.user == "root" else user.user.number
    if number is None:
        return None
    group = user.group.number
    group = number if group is None else group
    return Identity(number, group, key) if max(number, group) <= HIGHEST_ID else None


def _of_image(reference: str | None, key: str) -> Identity | None:
    if not reference:
        return None
    name, tag = name_and_tag(reference)
    known = IDENTITIES.get(name) or VENDORS.get(name.partition("/")[0])
    if known is None:
        return None
    numbers = next((pair for part, pair in known.items() if part and part in tag), known.get(""))
    return Identity(*numbers, key) if numbers else None


_NAME = regex(r"[a-z_][-a-z0-9_]*\$?", re.IGNORECASE)
_USER_OPTIONS = ("-u", "--uid")
_GROUP_OPTIONS = ("-g", "--gid")


def _created(stage: "Stage") -> Identity | None:
    """The numbers that the Dockerfile itself gives to the user of USER: `adduser -u 1000 app`."""
    name = (stage.user or "").partition(":")[0]
    steps = (step for part in stage.lineage for step in part.steps if step.keyword == "RUN")
    commands = (command.unwrapped for step in steps for script in step.scripts for command in script.commands)
    for command in commands:
        if command.program in ("useradd", "adduser"):
            numbers = _of_command([value for value in command.values if value], name)
            if numbers is not None:
                return numbers
    return None


def _of_command(words: list[str], name: str) -> Identity | None:
    if not _NAME.fullmatch(name) or name not in words:
        return None
    user = _option(words, _USER_OPTIONS)
    group = _option(words, _GROUP_OPTIONS)
    return None if user is None else Identity(user, user if group is None else group, "build")


def _option(words: list[str], options: tuple[str, ...]) -> int | None:
    for index, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option in options:
            text = value if equals else (words[index + 1] if index + 1 < len(words) else "")
            return int(text) if text.isdecimal() and len(text) < 10 else None
        if word[:2] in options and word[2:].isdecimal() and len(word) < 12:
            return int(word[2:])
    return None
