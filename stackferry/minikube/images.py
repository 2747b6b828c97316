"""Loads the stack's images into the node: those that the host's engine has and the node lacks.

Minikube's report of a load is not trusted: the node must list the image under the id that it has here.
"""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.images.built import Built, saved
from stackferry.translator.minikube.images import Held, held

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine
    from stackferry.minikube.place import Place
    from stackferry.session import Session
    from stackferry.translator.minikube.programs import Programs

_LIST = 60.0
_LOAD = 1800.0
"""Seconds that a load may take: gigabytes over an emulated network card."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The images that were loaded in this run, and those that the node already had."""

    new: tuple[str, ...]
    there: tuple[str, ...]

    def summary(self) -> str:
        """The line for the user."""
        return f"{len(self.new)} loaded, {len(self.there)} already there"


def on_node(place: "Place", programs: "Programs") -> Held:
    """The images that the node has."""
    words = ["minikube", "image", "ls", "--format", "json", "-p", place.name]
    return held(programs.run(words, patience=_LIST).out)


def load(session: "Session", place: "Place", programs: "Programs", engine: "Engine", images: Iterable[Built]) -> Moved:
    """Load images that the node lacks by name. Raises StackferryError if one does not arrive."""
    every = list(images)
    there = on_node(place, programs)
    lacking = [one for one in every if not there.has(one.name)]
    identities = {}
    for image in lacking:
        session.note(f"loading {image.name}")
        identities[image.name] = _loaded(place, programs, engine, image)
    if lacking:
        _verify(on_node(place, programs), identities)
    known = tuple(one.name for one in every if one not in lacking)
    return Moved(tuple(identities), known)


def _loaded(place: "Place", programs: "Programs", engine: "Engine", image: Built) -> str:
    """Load an image; returns the id that the node must list."""
    with tempfile.TemporaryDirectory(dir=place.folder.scratch) as folder:
        path = Path(folder) / "image.tar"
        with path.open("w+b") as file:
            identity = saved(engine, image, file)
        answer = programs.run(["minikube", "image", "load", str(path), "-p", place.name], patience=_LOAD)
    if answer.code:
        raise StackferryError(f"minikube cannot load {image.name}: {_last(answer.text)}", _hint(place))
    return identity


def _verify(there: Held, identities: Mapping[str, str]) -> None:
    for name, identity in identities.items():
        if not there.has(name):
            raise StackferryError(f"{name} was loaded, but the node does not have it", "check whether its disk is full")
        if not there.has(name, identity):
            raise StackferryError(f"{name} was loaded, but the node has another image with that name", "try again")


def _last(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no reason was given")


def _hint(place: "Place") -> str:
    return f"check whether its disk is full: minikube ssh -p {place.name} -- df -h /var"
