"""DL3007: Tag the image of FROM with a version, not with latest.

What `latest` is changes with every release of the image, and a build can break without any change of yours.

    ARG TAG=latest
    FROM python:${TAG}

    FROM python:3.12-slim

A tag in an ARG is judged by its default value, which hadolint does not look at (hadolint #339, #1078).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.images import image
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Bases with the tag `latest` and no digest."""
    for stage in file.stages:
        if not stage.image or stage.parent is not None:
            continue
        parts = image(stage.image)
        if parts.tag == "latest" and not parts.digest:
            message = f"the image {parts.name} has the tag latest"
            yield Hit(stage.base.start, stage.base.end, message, f"write {parts.name}:VERSION")
