"""`minikube up`: what is wrong here, how large, the machine, its images, the stack on it, and where it answers.

Each step looks first at what there is, so that the whole can be repeated at any time, and gone on with after it was
killed anywhere.
"""

import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from stackferry.images.built import builds, built_images
from stackferry.kube.target import confirm
from stackferry.minikube import machine
from stackferry.minikube.examination import examined
from stackferry.minikube.folders import folders, seen_on_node, unreachable
from stackferry.minikube.freshness import await_fresh, now
from stackferry.minikube.images import load
from stackferry.minikube.stack import Node, asked_for, called, for_node, from_here, sizes
from stackferry.translator.minikube import flags
from stackferry.translator.minikube.machine import Action, Wish, minor, node_ports
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
    from stackferry.translator.minikube.programs import Programs


RUNS = frozenset((Action.NOTHING, Action.CONTEXT))
"""What is to be done with a machine that runs as it should."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says: the driver and the size, if any, and the flags after `--`.

    `yes`: whatever is asked is agreed to. `force`: take over fields of others. `patience`: seconds for the workloads.
    `mount`: have minikube mount folders that would be copied.
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
    """All that is known before anything is changed. `engine`: this host's, None if none answers."""

    seen: "Seen"
    made: "Translated"
    sum: Sum
    wish: Wish
    action: Action
    engine: "Engine | None"
    node: Node


def up(session: "Session", place: "Place", choice: "TranslationChoice", loaded: "Loaded", asked: Asked) -> int:
    """Bring the stack up. The exit code."""
    with place.alone() as programs:
        outlook = look(session, place, choice, loaded, asked)
        images = images_of(session, outlook, build=True)
        refuse_builds(place, outlook)
        since = now()
        _machine(session, place, programs, outlook, asked)
        if outlook.action is Action.START and outlook.seen.status.is_off:
            await_fresh(session, place.client(), since)
        names = {key: one.name for key, one in images.items()} | _built_there(session, place, programs, outlook)
        made = called(as_it_is(session, place, choice, outlook), names)
        if outlook.engine is not None and images:
            moved = load(session, place, programs, outlook.engine, images.values())
            session.note(f"images: {moved.summary()}")
        code = _stack(session, place, programs, made, asked)
        far = unreachable(driver_of(outlook.seen, outlook.wish))
        if far:
            session.note(f"{far}: minikube tunnel -p {place.name}, or kubectl port-forward, brings the ports here")
        return code


def look(session: "Session", place: "Place", choice: "TranslationChoice", loaded: "Loaded", asked: Asked) -> Outlook:
    """What has to be done. Raises StackferryError where it cannot be."""
    seen = place.look()
    every = flags.merged(flags.remembered(place.profile_folder), asked.flags)
    size = flags.size(every).over(asked.size)
    wish = Wish(place.name, asked.driver, size, Size(), every, (), choice.kubernetes_version)
    action = machine.needed_action(place, seen, wish)
    if action not in RUNS:
        wish = replace(wish, driver=examined(session, place, wish))
    node = _node(seen, wish, mount=asked.mount)
    made = for_node(session, choice, loaded, node)
    objects = made.translation.objects
    engine = _engine(session)
    total = needed(objects, sizes(engine, made) if engine else {})
    ports = tuple(one.number for one in wanted_ports(objects))
    wish = replace(wish, needed=total.size, ports=ports)
    return Outlook(seen, made, total, wish, machine.needed_action(place, seen, wish), engine, node)


def driver_of(seen: "Seen", wish: Wish) -> str:
    """The name of the driver: that of the cluster that is there, or will be."""
    return (seen.profile.driver if seen.profile else "") or wish.driver or ""


def _node(seen: "Seen", wish: Wish, *, mount: bool) -> Node:
    """What is known of the node, also before it is made."""
    profile = seen.profile
    shared = folders(driver_of(seen, wish), wish.flags, mount=mount)
    return Node(node_ports(wish.flags), minor(profile.kubernetes) if profile else None, shared)


def as_it_is(session: "Session", place: "Place", choice: "TranslationChoice", outlook: Outlook) -> "Translated":
    """The stack for a node that runs: a folder that it was to share may be missing there."""
    made, node = outlook.made, outlook.node
    used = [one for one in node.folders.shares if uses_folder(made.translation.objects, one.guest)]
    if not used:
        return made
    there = seen_on_node(place, node.folders)
    return made if there == node.folders else for_node(session, choice, made.loaded, replace(node, folders=there))


def refuse_builds(place: "Place", outlook: Outlook) -> None:
    """Raise for builds that only an engine here could do, before anything is made. The node does the others."""
    if outlook.engine is None and builds(outlook.made.loaded.project):
        from stackferry.minikube.node_build import node_build_words

        loaded = outlook.made.loaded
        list(node_build_words(loaded.project, loaded.origin, "", place.name, None))


def _built_there(session: "Session", place: "Place", programs: "Programs", outlook: Outlook) -> dict[str, str]:
    """The images that the node builds, where no engine answers here, by whole names of those that the pods ask for."""
    loaded = outlook.made.loaded
    if outlook.engine is not None or not builds(loaded.project):
        return {}
    from stackferry.minikube.node_build import build_on_node

    made = build_on_node(session, place, programs, loaded.project, loaded.origin)
    return {asked_for(loaded.project, service): name for service, name in made.items()}


def images_of(session: "Session", outlook: Outlook, *, build: bool) -> "dict[str, Built]":
    """Those that come from this host, by what the pods call them; with `build`, built now."""
    if outlook.engine is None:
        return {}
    loaded = outlook.made.loaded
    project, origin = loaded.project, loaded.origin
    built = built_images(session, outlook.engine, project, build=build, origin=origin) if builds(project) else ()
    return from_here(outlook.engine, outlook.made, built)


def _engine(session: "Session") -> "Engine | None":
    """The engine of this host, if one answers: it builds, and it may have what the node would have to fetch."""
    from stackferry.emulator.engine.protocol import EngineError
    from stackferry.engine import connect

    try:
        return connect(session)
    except EngineError:
        return None


def _machine(session: "Session", place: "Place", programs: "Programs", outlook: Outlook, asked: Asked) -> None:
    seen, action = outlook.seen, outlook.action
    if action is Action.CONTEXT:
        machine.make_known(place, programs)
    if action in RUNS:
        session.note(f"machine: {place.name} runs already")
        return
    if action is Action.ANEW:
        question = f"The machine of {place.name} was never finished, and holds nothing. Delete it and make it anew?"
        confirm(session, question, yes=asked.yes)
        machine.remove(place, programs)
        seen = type(seen)(None, seen.status)
    if seen.profile is None:
        for line in outlook.sum.lines:
            session.note(f"size: {line}")
    machine.bring(session, place, programs, seen, outlook.wish)


def _stack(session: "Session", place: "Place", programs: "Programs", made: "Translated", asked: Asked) -> int:
    from stackferry.kube.bring_up import Wish as Apply
    from stackferry.kube.bring_up import bring_up
    from stackferry.kube.urls import SOON, found, lines
    from stackferry.minikube import mounting
    from stackferry.translator.cluster.held import held
    from stackferry.translator.minikube.mounts import mounts, wanted

    client = place.client()
    project = made.translation.project.name
    there = held(client, project, made.namespace)
    for one in mounts(made.translation):
        session.note(f"mounts: {one}")
    live = wanted(made.translation)
    if live:
        mounting.mount(session, programs, place.name, place.mounts, live)
    code = bring_up(session, client, made, there, Apply(asked.force, asked.patience))
    mounting.unmount(session, programs, place.mounts, project, keep=live)
    sys.stdout.writelines(f"{line}\n" for line in lines(found(client, project, made.namespace), SOON))
    sys.stdout.flush()
    return code
