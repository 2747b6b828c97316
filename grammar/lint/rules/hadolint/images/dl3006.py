"""DL3006: Tag the image of FROM.

Without a tag a build takes `latest`, which is another image next month.

    ARG BASE=python
    FROM ${BASE}

    FROM python:3.12-slim

An earlier stage, `scratch` and an image with a digest need no tag. A name in an ARG is judged by the default value if
there is one (hadolint #339, #1078), and is not reported otherwise: hadolint reports `FROM debian${SUFFIX}`, but not
`FROM $BASE`, whatever the values are. It does not see that `localhost:5000/app` has no tag.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.images import image
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Bases that are images with neither tag nor digest."""
    for stage in file.stages:
        reference = stage.image
        if not reference or stage.parent is not None or reference == "scratch":
            continue
        parts = image(reference)
        if not parts.tag and not parts.digest:
            base = stage.base
            yield Hit(base.start, base.end, f"the image {reference} has no tag", f"write {reference}:VERSION")
