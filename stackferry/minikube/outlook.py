"""Finds out what `minikube up` has to do before it does anything: the machine's state, the stack for its node."""

from dataclasses import field, replace
from typing import TYPE_CHECKING

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.images.built import builds, built_images
from stackferry.minikube import machine
from stackferry.minikube.examination import examined
from stackferry.minikube.folders import folders, seen_on_node
from stackferry.minikube.stack import Node, for_node, from_here, sizes
from stackferry.translator.minikube import flags
from stackferry.translator.minikube.machine import Action, MachineRequest, minor, node_ports
from stackferry.translator.minikube.pods import node_ports as wanted_ports
from stackferry.translator.minikube.pods import uses_folder
from stackferry.translator.minikube.size import Size, Sum, needed

if TYPE_CHECKING:
    from stackferry.emulator.engine.protocol import Engine
    from stackferry.grammar.compose.load import Loaded
    from stackferry.images.built import Built
    from stackferry.kube.translated import Translated
    from stackferry.minikube.place import Place, Seen
    from stackferry.options.translation_options import TranslationChoice
    from stackferry.session import Session

RUNS = frozenset((Action.NOTHING, Action.CONTEXT))
"""The actions for a machine that already runs as requested."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command line: driver and size, if given, and the flags after `--`.

    `yes`: confirm every question. `force`: take over fields of other managers. `patience`: seconds for the workloads.
    `mount`: let minikube mount folders that would otherwise be copied.
    """

    driver: str | None = None
    size: Size = field(default_factory=Size)
    flags: tuple[str, ...] = ()
    yes: bool = False
    force: bool = False
    patience: float = 600.0
    mount: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything that is known before a change. `engine`: this host's, None if none answers."""

    seen: "Seen"
    made: "Translated"
    sum: Sum
    machine: MachineRequest
    action: Action
    engine: "Engine | None"
    node: Node


def look(session: "Session", place: "Place", choice: "TranslationChoice", loaded: "Loaded", asked: Asked) -> Outlook:
    """Find out what to do. Raises StackferryError if it is impossible."""
    seen = place.look()
    every = flags.merged(flags.remembered(place.profile_folder), asked.flags)
    size = flags.size(every).over(asked.size)
    request = MachineRequest(place.name, asked.driver, size, Size(), every, (), choice.kubernetes_version)
    action = machine.needed_action(place, seen, request)
    if action not in RUNS:
        request = replace(request, driver=examined(session, place, request))
    node = _node(seen, request, mount=asked.mount)
    made = for_node(session, choice, loaded, node)
    objects = made.translation.objects
    engine = _engine(session)
    total = needed(objects, sizes(engine, made) if engine else {})
    ports = tuple(one.number for one in wanted_ports(objects))
    request = replace(request, needed=total.size, ports=ports)
    return Outlook(seen, made, total, request, machine.needed_action(place, seen, request), engine, node)


def driver_of(seen: "Seen", request: MachineRequest) -> str:
    """The driver's name, of the existing cluster or of the new one."""
    return (seen.profile.driver if seen.profile else "") or request.driver or ""


def _node(seen: "Seen", request: MachineRequest, *, mount: bool) -> Node:
    """The facts about the node, even before it is created."""
    profile = seen.profile
    shared = folders(driver_of(seen, request), request.flags, mount=mount)
    return Node(node_ports(request.flags), minor(profile.kubernetes) if profile else None, shared)


def as_it_is(session: "Session", place: "Place", choice: "TranslationChoice", outlook: Outlook) -> "Translated":
    """Translate the stack for the running node, where a shared folder may be missing after all."""
    made, node = outlook.made, outlook.node
    used = [one for one in node.folders.shares if uses_folder(made.translation.objects, one.guest)]
    if not used:
        return made
    there = seen_on_node(place, node.folders)
    return made if there == node.folders else for_node(session, choice, made.loaded, replace(node, folders=there))


def refuse_builds(place: "Place", outlook: Outlook) -> None:
    """Raise, before anything is created, for builds that only an engine here could do. The node does the others."""
    if outlook.engine is None and builds(outlook.made.loaded.project):
        from stackferry.minikube.node_build import node_build_words

        loaded = outlook.made.loaded
        list(node_build_words(loaded.project, loaded.origin, "", place.name, None))


def images_of(session: "Session", outlook: Outlook, *, build: bool) -> "dict[str, Built]":
    """The images from this host, by the names that pods use; with `build`, build them now."""
    if outlook.engine is None:
        return {}
    loaded = outlook.made.loaded
    project, origin = loaded.project, loaded.origin
    built = built_images(session, outlook.engine, project, build=build, origin=origin) if builds(project) else ()
    return from_here(outlook.engine, outlook.made, built)


def _engine(session: "Session") -> "Engine | None":
    """The engine of this host, if one answers: it builds, and may have images that the node would have to pull."""
    from stackferry.emulator.engine.protocol import EngineError
    from stackferry.engine import connect

    try:
        return connect(session)
    except EngineError:
        return None
