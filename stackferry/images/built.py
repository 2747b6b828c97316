"""Builds a stack's images on the host's engine for use elsewhere: gives their names, and exports them as tars.

Every delivery to a cluster starts here: `built_images` builds, `saved` exports an image for a program that loads tars,
`with_images` gives the stack that runs them. A tag is derived from the content, so no image is delivered twice.
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
    """The image of a service with a `build`.

    `source` is its name on the engine, `name` is `STACK-SERVICE:CONTENT`, `id` is the engine's `sha256:…`. The id is
    empty if the image is not built yet; its tag is then `not-built`.
    """

    service: str
    source: str
    name: str
    id: str


def builds(project: "Project") -> list[str]:
    """The services whose images are built here; if there are none, no engine is needed."""
    return [key for key, one in project.services.items() if one.build is not None]


def built_images(
    session: "Session", engine: "Engine", project: "Project", *, build: bool = True, origin: "Origin" = nowhere
) -> tuple[Built, ...]:
    """The image of each service with a `build` key. Without `build`, nothing is built: existing images are used.

    Raises EngineError with the builder's message, and SourceError for impossible builds, at their `origin`.
    """
    from stackferry.emulator.desired.builds import build_specs
    from stackferry.images.build import build_images

    specs = build_specs(project, origin)
    if build:
        # Build always: the builder's own cache knows what has changed.
        build_images(session, engine, specs, always=True)
    return tuple(_built(engine, project.name, spec.service, spec.image) for spec in specs)


def _built(engine: "Engine", project: str, service: str, source: str) -> Built:
    from stackferry.translator.manifest.names import dns_label

    found = engine.image(source)
    identity = found.id if found else ""
    tag = identity.removeprefix("sha256:")[:_TAG] or "not-built"
    return Built(service, source, f"{dns_label(f'{project}-{service}')}:{tag}", identity)


def with_images(project: "Project", names: Mapping[str, str]) -> "Project":
    """The project with these images, by service. The `build` keys stay, since ports, user and more come from them."""
    services = {
        key: replace(one, image=names[key], pull_policy=None) if key in names else one
        for key, one in project.services.items()
    }
    return replace(project, services=services)


def without_builds(found: "Iterable[Diagnostic]", project: "Project") -> "list[Diagnostic]":
    """The diagnostics without those that tell the user to get built images to the cluster."""
    keys = tuple(f"services.{key}.build" for key in builds(project))
    return [one for one in found if not (keys and one.message.startswith(keys))]


def saved(engine: "Engine", image: Built, file: IO[bytes]) -> str:
    """Write the image to `file` as `docker save` would, under `name`, with which the engine tags it only meanwhile.

    Returns the image's id on a node, the `sha256:…` of its configuration; an engine's id may be the digest of its
    manifest. `file` is rewound to its start.
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
