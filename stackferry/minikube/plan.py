"""`minikube plan`: lists the commands and objects of the next `minikube up`."""

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.images.built import builds
from stackferry.minikube.images import on_node
from stackferry.minikube.outlook import RUNS, Asked, Outlook, as_it_is, images_of, look
from stackferry.minikube.stack import asked_for, called
from stackferry.translator.minikube.machine import Action, start_words

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded
    from stackferry.kube.translated import Translated
    from stackferry.minikube.place import Place
    from stackferry.options.translation_options import TranslationChoice
    from stackferry.session import Session
    from stackferry.translator.minikube.images import Held


def lines(
    session: "Session", place: "Place", choice: "TranslationChoice", loaded: "Loaded", asked: Asked
) -> Iterator[str]:
    """A line for each command, beginning with `$`, and each object. Raises StackferryError if `up` is impossible."""
    outlook = look(session, place, choice, loaded, asked)
    yield from (f"# size: {line}" for line in outlook.sum.lines if outlook.action in (Action.CREATE, Action.ANEW))
    yield from (f"$ {shlex.join(words)}" for words in _machine(place, outlook))
    is_unknown = outlook.action is Action.START
    if is_unknown:
        yield f"# {place.name} is not running, so which of the following it already has is unknown"
    there = outlook.action in RUNS
    known = on_node(place, place.programs) if there else None
    images = images_of(session, outlook, build=False)
    for image in images.values():
        if known is None or not known.has(image.name):
            yield f"$ minikube image load {shlex.quote(image.name)} -p {shlex.quote(place.name)}"
    yield from (f"$ {shlex.join(words)}" for words in _builds(place, outlook, known))
    stack = as_it_is(session, place, choice, outlook) if there else outlook.made
    made = called(stack, {key: one.name for key, one in images.items()} | _built_there(outlook))
    if there:
        yield from _objects(place, made)
    else:
        word = "apply" if is_unknown else "create"
        yield from (f"{word} {one.id}" for one in made.translation.objects)


def _builds(place: "Place", outlook: Outlook, known: "Held | None") -> Iterator[list[str]]:
    """The builds that the node does, if no engine answers here."""
    loaded = outlook.made.loaded
    if outlook.engine is None and builds(loaded.project):
        from stackferry.minikube.node_build import node_build_words

        profile = outlook.seen.profile
        runtime = profile.runtime if profile else ""
        yield from node_build_words(loaded.project, loaded.origin, runtime, place.name, known)


def _built_there(outlook: Outlook) -> dict[str, str]:
    loaded = outlook.made.loaded
    if outlook.engine is not None or not builds(loaded.project):
        return {}
    from stackferry.minikube.node_build import images_on_node

    named = images_on_node(loaded.project, loaded.origin)
    return {asked_for(loaded.project, service): name for service, name in named.items()}


def _machine(place: "Place", outlook: Outlook) -> Iterator[list[str]]:
    if outlook.action is Action.CONTEXT:
        yield ["minikube", "update-context", "-p", place.name]
    if outlook.action is Action.ANEW:
        yield ["minikube", "delete", "-p", place.name]
    if outlook.action in (Action.CREATE, Action.START, Action.ANEW):
        yield start_words(outlook.machine, None if outlook.action is Action.ANEW else outlook.seen.profile)


def _objects(place: "Place", made: "Translated") -> Iterator[str]:
    from stackferry.translator.cluster.held import held
    from stackferry.translator.cluster.plan import plan

    client = place.client()
    there = held(client, made.translation.project.name, made.namespace)
    yield from str(plan(client, made.translation, there, made.namespace)).splitlines()
