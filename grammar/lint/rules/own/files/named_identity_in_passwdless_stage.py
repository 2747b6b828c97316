"""named-identity-in-passwdless-stage: Specify users by ID where there is no /etc/passwd.

A stage from scratch has no /etc/passwd: neither the build nor the runtime finds a user by name.

    FROM scratch
    COPY app /app
    USER app

    FROM scratch
    COPY app /app
    USER 10001

A stage that gets an /etc/passwd, a whole file system or an archive is not judged.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build, Step
    from stackferry.grammar.lint.settings import Settings

_FOLDERS = ("/", "/etc", "/etc/", "/etc/passwd", ".", "./")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Names in USER and --chown of stages that begin empty."""
    listed: set[int] = set()
    for stage in file.stages:
        if stage.root.image != "scratch" or (stage.parent is not None and stage.parent.index in listed):
            listed.add(stage.index)
            continue
        for step in stage.steps:
            if stage.index in listed:
                break
            if step.keyword in ("ADD", "RUN") or (step.keyword == "COPY" and _may_list(step)):
                listed.add(stage.index)
            elif step.keyword == "USER" and not step.onbuild:
                for word in step.instruction.words[:1]:
                    if _is_named(step.expanded(word.text)):
                        yield Hit(
                            word.start,
                            word.end,
                            f"{word.text} cannot be resolved: the stage has no /etc/passwd",
                            "write a number",
                        )
            if step.keyword == "COPY" and stage.index not in listed and not step.onbuild:
                flag = step.instruction.flag("chown")
                if flag is not None and _is_named(step.expanded(flag.value or "")):
                    yield Hit(
                        flag.word.start,
                        flag.word.end,
                        f"{flag.value} cannot be resolved: the stage has no /etc/passwd",
                        "write numbers",
                    )


def _may_list(step: "Step") -> bool:
    if not step.instruction.words:
        return True
    target = step.expanded(step.instruction.words[-1].text)
    return target is None or target in _FOLDERS or "passwd" in step.instruction.joined.text


def _is_named(owner: str | None) -> bool:
    return any(part and not part.isdecimal() for part in (owner or "").split(":"))
