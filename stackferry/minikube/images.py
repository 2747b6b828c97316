"""The images of the stack, taken to the node: built here where an engine answers, and only what the node lacks.

What minikube says of a load is not believed: the node's own list has to show the image, under the id that it has here.
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
"""Seconds that a load may take: gigabytes, over an emulated network card."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Images that came to the node in this run, and those that were there."""

    new: tuple[str, ...]
    there: tuple[str, ...]

    def summary(self) -> str:
        """For a person."""
        return f"{len(self.new)} loaded, {len(self.there)} already there"


def on_node(place: "Place", programs: "Programs") -> Held:
    """What the node has."""
    words = ["minikube", "image", "ls", "--format", "json", "-p", place.name]
    return held(programs.run(words, patience=_LIST).out)


def load(session: "Session", place: "Place", programs: "Programs", engine: "Engine", images: Iterable[Built]) -> Moved:
    """Bring images to the node that it does not have by their names. Raises StackferryError where one is lost."""
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
    """Load it, and say which id the node has to show."""
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
