"""`minikube up`: checks this host, sizes and starts the machine, loads images, applies the stack, prints addresses.

Each step first inspects the current state, so that the command can be repeated at any time, and resumed after it was
killed at any point.
"""

from typing import TYPE_CHECKING

from stackferry.display.output import write_lines
from stackferry.grammar.diagnostics import StackferryError
from stackferry.images.built import builds
from stackferry.kube.target import confirm
from stackferry.minikube import machine
from stackferry.minikube.folders import unreachable
from stackferry.minikube.freshness import await_fresh, now
from stackferry.minikube.images import load
from stackferry.minikube.outlook import RUNS, Asked, Outlook, as_it_is, driver_of, images_of, look, refuse_builds
from stackferry.minikube.stack import asked_for, called
from stackferry.translator.minikube import flags
from stackferry.translator.minikube.machine import Action

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded
    from stackferry.kube.translated import Translated
    from stackferry.minikube.place import Place
    from stackferry.options.translation_options import TranslationChoice
    from stackferry.session import Session
    from stackferry.translator.minikube.programs import Programs


def up(session: "Session", place: "Place", choice: "TranslationChoice", loaded: "Loaded", asked: Asked) -> int:
    """Bring the stack up; returns the exit code."""
    with place.alone() as programs:
        outlook = look(session, place, choice, loaded, asked)
        if outlook.action is Action.ANEW:
            question = f"The machine of {place.name} was never completed and holds no data. Delete and recreate it?"
            confirm(session, question, yes=asked.yes)
        images = images_of(session, outlook, build=True)
        refuse_builds(place, outlook)
        since = now()
        _machine(session, place, programs, outlook)
        if outlook.action is Action.START and outlook.seen.status.is_off:
            await_fresh(session, place.client(), since)
        names = {key: one.name for key, one in images.items()} | _built_there(session, place, programs, outlook)
        made = called(as_it_is(session, place, choice, outlook), names)
        if outlook.engine is not None and images:
            moved = load(session, place, programs, outlook.engine, images.values())
            session.note(f"images: {moved.summary()}")
        code = _stack(session, place, programs, made, asked)
        far = unreachable(driver_of(outlook.seen, outlook.machine))
        if far:
            session.note(
                f"{far}: to reach the ports from here, use minikube tunnel -p {place.name} or kubectl port-forward"
            )
        return code


def _built_there(session: "Session", place: "Place", programs: "Programs", outlook: Outlook) -> dict[str, str]:
    """Images that the node has built, if no engine answers here, by the full names that pods use."""
    loaded = outlook.made.loaded
    if outlook.engine is not None or not builds(loaded.project):
        return {}
    from stackferry.minikube.node_build import build_on_node

    made = build_on_node(session, place, programs, loaded.project, loaded.origin)
    return {asked_for(loaded.project, service): name for service, name in made.items()}


def _machine(session: "Session", place: "Place", programs: "Programs", outlook: Outlook) -> None:
    seen, action = outlook.seen, outlook.action
    if action is Action.CONTEXT:
        machine.make_known(place, programs)
    if action in RUNS:
        session.note(f"machine: {place.name} is already running")
        return
    if action is Action.ANEW:
        machine.remove(place, programs)
        seen = type(seen)(None, seen.status)
    if seen.profile is None:
        for line in outlook.sum.lines:
            session.note(f"size: {line}")
    machine.bring(session, place, programs, seen, outlook.machine)
    if flags.value(outlook.machine.flags, "no-kubernetes") == "true":
        raise StackferryError(
            f"the machine of {place.name} was started with --no-kubernetes, so no stack can be applied",
            "use another cluster without that flag: --cluster NAME",
        )


def _stack(session: "Session", place: "Place", programs: "Programs", made: "Translated", asked: Asked) -> int:
    from stackferry.kube.bring_up import ApplyOptions, bring_up, settled
    from stackferry.kube.urls import SOON, found, lines
    from stackferry.minikube import mounting
    from stackferry.translator.minikube.mounts import mounts, wanted

    client = place.client()
    project = made.translation.project.name
    there = settled(session, client, project, made.namespace)
    for mount in mounts(made.translation):
        session.note(f"mounts: {mount}")
    live = wanted(made.translation)
    if live:
        mounting.mount(session, programs, place.name, place.mounts, live)
    code = bring_up(session, client, made, there, ApplyOptions(asked.force, asked.patience))
    mounting.unmount(session, programs, place.mounts, project, keep=live)
    write_lines(lines(found(client, project, made.namespace), SOON))
    return code
