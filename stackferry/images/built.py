"""The images that a stack builds, made on the host's engine for somewhere else: what they are called, and as tars.

Whoever takes them to a cluster starts here: `built_images` builds, `saved` writes one for a program that loads tars,
`with_images` is the stack that runs them. Their tag is their content, so what is there already is never moved.
"""

import json
import tarfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.notes import nowhere

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine
    from stackferry.grammar.compose.model.model import Project
    from stackferry.grammar.diagnostics import Diagnostic
    from stackferry.grammar.notes import Origin
    from stackferry.session import Session

_TAG = 16
"""Digits of the image's id in its tag."""
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Built:
    """The image of a service that is built here.

    `source` is what the engine calls it, `name` is `STACK-SERVICE:CONTENT`, `id` is `sha256:…` as the engine has it,
    empty if it is not built yet: then its tag is `not-built`.
    """

    service: str
    source: str
    name: str
    id: str


def builds(project: "Project") -> list[str]:
    """The services whose images are built here; without any, no engine is needed."""
    return [key for key, one in project.services.items() if one.build is not None]


def built_images(
    session: "Session", engine: "Engine", project: "Project", *, build: bool = True, origin: "Origin" = nowhere
) -> tuple[Built, ...]:
    """The image of each service that has a `build`. Without `build` nothing is made: they are as the engine has them.

    Raises EngineError with the builder's words, and SourceError for what cannot be built here, at its `origin`.
    """
    from stackferry.emulator.desired.builds import build_specs
    from stackferry.images.build import build_images

    specs = build_specs(project, origin)
    if build:
        # The builder's own cache knows what has changed.
        build_images(session, engine, specs, always=True)
    return tuple(_built(engine, project.name, spec.service, spec.image) for spec in specs)


def _built(engine: "Engine", project: str, service: str, source: str) -> Built:
    from stackferry.translator.manifest.names import dns_label

    found = engine.image(source)
    identity = found.id if found else ""
    tag = identity.removeprefix("sha256:")[:_TAG] or "not-built"
    return Built(service, source, f"{dns_label(f'{project}-{service}')}:{tag}", identity)


def with_images(project: "Project", names: Mapping[str, str]) -> "Project":
    """The project whose services run these images, by service. Their `build` stays: it tells ports, user and more."""
    services = {
        key: replace(one, image=names[key], pull_policy=None) if key in names else one
        for key, one in project.services.items()
    }
    return replace(project, services=services)


def without_builds(found: "Iterable[Diagnostic]", project: "Project") -> "list[Diagnostic]":
    """What a translation tells, less what it says of builds: that somebody has to take the images to the cluster."""
    keys = tuple(f"services.{key}.build" for key in builds(project))
    return [one for one in found if not (keys and one.message.startswith(keys))]


def saved(engine: "Engine", image: Built, file: IO[bytes]) -> str:
    """Write the image to `file` as `docker save` would, under its `name`. The engine has that name meanwhile only.

    Gives the image's id as a node has it, `sha256:…` of its configuration: that of an engine may be its manifest's.
    `file` can be read from its start afterwards.
    """
    is_new = engine.image(image.name) is None
    engine.tag(image.id, image.name)
    try:
        with closing(engine.save(image.name)) as tar:
            while piece := tar.read(_PIECE):
                file.write(piece)
    finally:
        if is_new:
            engine.remove_image(image.name)
    file.flush()
    return _id_on_node(file)


def _id_on_node(file: IO[bytes]) -> str:
    file.seek(0)
    with tarfile.open(fileobj=file) as tar:
        listed = tar.extractfile("manifest.json")
        image = json.load(listed)[0] if listed else {}
    file.seek(0)
    # `HEX.json`, and `blobs/sha256/HEX` since Docker 25.
    return "sha256:" + str(image["Config"]).rpartition("/")[2].removesuffix(".json")
