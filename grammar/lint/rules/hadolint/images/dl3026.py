"""DL3026: Use only images from trusted registries.

It asks for `trusted-registries` of the configuration, and says nothing without it. A `*` stands for any text.

    # trusted-registries: ghcr.io, *.example.com
    FROM quay.io/team/app:1.4
    COPY --from=busybox:1.36 /bin/sh /bin/sh

    FROM ghcr.io/team/app:1.4
    COPY --from=registry.example.com/busybox:1.36 /bin/sh /bin/sh

An image without a registry is one of Docker Hub, which is `docker.io`; `index.docker.io` and `hub.docker.com` are taken
for the same. Stages, by name or number, and `scratch` are not images. A name that holds an unknown variable is not
reported; hadolint takes it for one of Docker Hub. hadolint also takes `quay.io/team/app` for a stage if there is one
that is called `app`.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.images import image
from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_HUB = "docker.io"
_HUB_NAMES = frozenset(("index.docker.io", "hub.docker.com"))


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Images of FROM, COPY --from and RUN --mount from registries that are not listed."""
    if not settings.trusted_registries:
        return
    trusted = re.compile("|".join(_pattern(name) for name in settings.trusted_registries))
    hint = f"use an image from {' or '.join(settings.trusted_registries)}"
    for reference, start, end in _references(file):
        registry = _registry(image(reference).registry or _HUB)
        if not trusted.fullmatch(registry):
            yield Hit(start, end, f"the image {reference} is from {registry}, which is not trusted", hint)


def _references(file: "Build") -> Iterator[tuple[str, int, int]]:
    """Every image that the build needs, with its place, in the order of the file."""
    for stage in file.stages:
        if stage.image and stage.parent is None and stage.image != "scratch":
            yield stage.image, stage.base.start, stage.base.end
        for step in stage.steps:
            if step.keyword == "COPY":
                flag = step.instruction.flag("from")
                origins = [(flag.value, flag)] if flag is not None else []
            elif step.keyword == "RUN":
                origins = [(mount.origin, mount.flag) for mount in step.mounts]
            else:
                continue
            for origin, flag in origins:
                if origin and _is_image(file, origin):
                    yield origin, flag.word.start, flag.word.end


def _is_image(file: "Build", origin: str) -> bool:
    return "$" not in origin and origin != "scratch" and not origin.isdecimal() and file.stage_named(origin) is None


def _registry(name: str) -> str:
    lower = name.lower()
    return _HUB if lower in _HUB_NAMES else lower


def _pattern(name: str) -> str:
    return ".*".join(re.escape(part) for part in _registry(name).split("*"))
