"""Loads images that are built here into the nodes of a cluster with its own program: `kind load`, `k3s ctr`.

Only images that a node lacks are loaded: a tag is derived from the content. Afterwards every node is checked for each.
"""

import socket
import tempfile
import time
from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.notes import nowhere
from stackferry.images.built import Built, built_images, saved, with_images
from stackferry.translator.cluster.loaders import Loader, OnNode, k3s, kind, lacking, on_node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stackferry.emulator.engine.protocol import Engine
    from stackferry.grammar.compose.model.model import Project
    from stackferry.grammar.notes import Origin
    from stackferry.session import Session
    from stackferry.translator.cluster.client import KubernetesClient
    from stackferry.translator.minikube.programs import Programs

_LIST, _LOAD = 60.0, 1800.0
"""Seconds that a program may take to list images, and to load gigabytes."""
_APPEARS = 15.0
"""Seconds until a node must list a loaded image by its id, which it does after a short delay."""


def loader_of(session: "Session", client: "KubernetesClient") -> Loader | None:
    """The program on the PATH that loads images into this cluster's nodes; None if there is none."""
    programs = _programs(session)
    if programs.path("kind"):
        provider = session.environment.get("KIND_EXPERIMENTAL_PROVIDER") or "docker"
        found = kind(client.context, provider)
        if found is not None:
            return found
    return k3s(_nodes(client), _is_here) if programs.path("k3s") else None


def in_nodes(
    session: "Session", project: "Project", loader: Loader, *, send: bool, origin: "Origin" = nowhere
) -> "Project":
    """The project with the loaded images instead of its builds. Without `send`, nothing is built or loaded.

    Raises StackferryError if an image cannot be built, or a node does not have it in the end.
    """
    from stackferry.engine import connect

    engine = connect(session)
    images = built_images(session, engine, project, build=send, origin=origin)
    if send:
        _load(session, engine, _programs(session), loader, images)
    return with_images(project, {one.service: one.name for one in images})


def _load(
    session: "Session", engine: "Engine", programs: "Programs", loader: Loader, images: "Sequence[Built]"
) -> None:
    names = _node_names(programs, loader)
    missing = lacking((one.name for one in images), _look(programs, loader, names))
    known = {one.name: one for one in images}
    for name in missing:
        session.note(f"loading {name} by {loader.program}")
        identity = _moved(engine, programs, loader, known[name])
        _await(programs, loader, names, name, identity)
    if images:
        session.note(f"images: {len(missing)} loaded, {len(known) - len(missing)} already there")


def _moved(engine: "Engine", programs: "Programs", loader: Loader, image: Built) -> str:
    """Load an image; returns the id that the nodes must list."""
    with tempfile.NamedTemporaryFile(prefix="stackferry-", suffix=".tar") as archive:
        identity = saved(engine, image, archive)
        words = loader.load_of(archive.name)
        answer = programs.run(words, patience=_LOAD, stdin=archive.file if loader.by_stdin else None)
    if answer.code:
        raise StackferryError(f"{image.name}: {_words(words)}: {_last(answer.text)}", _HINTS[loader.program])
    return identity


def _await(programs: "Programs", loader: Loader, names: "Sequence[str]", name: str, identity: str) -> None:
    end = time.monotonic() + _APPEARS
    while True:
        left = [one.node or "this node" for one in _look(programs, loader, names) if one.lacks(name, identity)]
        if not left:
            return
        if time.monotonic() >= end:
            raise StackferryError(
                f"{name} was loaded, but {', '.join(left)} does not have it as {identity[:19]}…",
                f"its disk may be full; list its images with {_words(loader.listing(left[0]))}",
            )
        time.sleep(0.2)


def _look(programs: "Programs", loader: Loader, names: "Sequence[str]") -> list[OnNode]:
    return [on_node(name, _said(programs, loader, loader.listing(name))) for name in names]


def _node_names(programs: "Programs", loader: Loader) -> list[str]:
    if not loader.nodes:
        return [""]
    names = [line.strip() for line in _said(programs, loader, loader.nodes).splitlines() if line.strip()]
    if not names:
        raise StackferryError(f"{loader.program} has no cluster {loader.cluster}", _HINTS[loader.program])
    return names


def _said(programs: "Programs", loader: Loader, words: "Sequence[str]") -> str:
    answer = programs.run(words, patience=_LIST)
    if answer.code:
        raise StackferryError(f"{_words(words)}: {_last(answer.text)}", _HINTS[loader.program])
    return answer.out


_HINTS = {
    "kind": "list clusters with kind get clusters; or push with --registry HOST/PATH instead",
    "k3s": "run it as root, which k3s ctr requires; or push with --registry HOST/PATH instead",
}


def _words(words: "Sequence[str]") -> str:
    return " ".join(words[:6])


def _last(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no reason was given")


def _nodes(client: "KubernetesClient") -> "list[dict[str, object]]":
    from stackferry.translator.cluster.errors import ClusterError
    from stackferry.translator.cluster.resources import collection

    try:
        found: list[dict[str, object]] = client.request("GET", collection("Node", None))["items"]
    except ClusterError as error:
        if error.status != 403:
            raise
        return []
    return found


def _is_here(address: str) -> bool:
    """Whether an address belongs to this machine: only such an address can be bound."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as trial:
            trial.bind((address, 0))
    except OSError:
        return False
    return True


def _programs(session: "Session") -> "Programs":
    from stackferry.translator.minikube.programs import HostPrograms

    return HostPrograms(session.environment)
