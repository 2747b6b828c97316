"""`stackferry inspect`, `service inspect`, `node inspect`: everything about services, tasks and nodes."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

from stackferry.options.common import InspectFormat, Pretty
from stackferry.options.declaration import Argument, WrongValueError
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stackferry.emulator.cluster.objects import Service
    from stackferry.lookup.stacks import Found
    from stackferry.render.api_objects import Networks


@verb
def inspect(
    session: Session,
    names: Annotated[list[str] | None, Argument(metavar="[SERVICE|TASK|NODE]...", help="web, web.2 …")] = None,
    form: InspectFormat = None,
    pretty: Pretty = False,
) -> int:
    """Show details of services, tasks or nodes.

    In the words of docker's API; without a name, of all services.
    """
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.lookup import find_node, find_service, find_task, with_nodes
    from stackferry.lookup.stacks import chosen
    from stackferry.render.api_objects import in_rotation, node_object, service_object, task_object

    if pretty:
        words = names or [one.spec.name for one in chosen(session).services()]
        return _service_inspect(session, words, None, pretty=pretty, rotation=True)

    def of_service(found: "Found", service: "Service") -> Any:
        return service_object(service, _networks(session, service), in_rotation(found.cluster, service))

    def service(word: str) -> Any:
        return of_service(*find_service(session, word))

    def task(word: str) -> Any:
        found, task = find_task(session, word)
        return task_object(found.cluster, task)

    def node(word: str) -> Any:
        found = with_nodes(session)
        return node_object(found.cluster, find_node(found, word))

    def anything(word: str) -> Any:
        hints = []
        for kind in (service, task, node):
            try:
                return kind(word)
            except StackferryError as error:
                hints.append(error.hint)
        raise StackferryError(f"no such object: {word}", next(filter(None, hints), ""))

    if not names:
        found = chosen(session)
        return _print([of_service(found, one) for one in found.services()], form)
    return _each(session, names, anything, form)


@verb
def service_inspect(
    session: Session,
    services: Annotated[list[str], Argument(metavar="SERVICE...")],
    form: InspectFormat = None,
    pretty: Pretty = False,
) -> int:
    """Print everything about one or more services."""
    return _service_inspect(session, services, form, pretty=pretty, rotation=False)


def _service_inspect(
    session: Session, services: "Sequence[str]", form: str | None, *, pretty: bool, rotation: bool
) -> int:
    import time

    from stackferry.lookup.lookup import find_service
    from stackferry.render.api_objects import in_rotation, service_object
    from stackferry.render.pretty import service_text

    _no_both(form, pretty=pretty)
    if pretty:
        now = time.time()

        def text(word: str) -> str:
            found, service = find_service(session, word)
            return service_text(service, now, in_rotation(found.cluster, service) if rotation else ())

        return _texts(session, services, text)

    def made(word: str) -> Any:
        _, service = find_service(session, word)
        return service_object(service, _networks(session, service))

    return _each(session, services, made, form)


def _networks(session: Session, service: "Service") -> "Networks":
    """The engine's networks that a service has addresses in. None if no engine answers: the rest can be told."""
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.render.api_objects import virtual

    names = virtual(service)
    if not names:
        return {}
    from stackferry.engine import connect

    try:
        engine = connect(session)
        found = {name: engine.inspect_network(name) for name in names}
    except StackferryError:
        return {}
    return {name: one for name, one in found.items() if one is not None}


@verb
def node_inspect(
    session: Session,
    nodes: Annotated[list[str], Argument(metavar="self|NODE...")],
    form: InspectFormat = None,
    pretty: Pretty = False,
) -> int:
    """Print everything about one or more nodes."""
    from stackferry.lookup.lookup import find_node, with_nodes
    from stackferry.render.api_objects import node_object
    from stackferry.render.pretty import node_text

    _no_both(form, pretty=pretty)
    found = with_nodes(session)
    if pretty:
        return _texts(session, nodes, lambda word: node_text(found.cluster, find_node(found, word)))
    return _each(session, nodes, lambda word: node_object(found.cluster, find_node(found, word)), form)


def _no_both(form: str | None, *, pretty: bool) -> None:
    if form and pretty:
        raise WrongValueError("--format is incompatible with human friendly format", option="--pretty")


def _each(session: Session, words: "Sequence[str]", make: "Callable[[str], Any]", form: str | None) -> int:
    """What is found is printed, what is not is told of: as docker."""
    found, code = _found(session, words, make)
    _print(found, form)
    return code


def _texts(session: Session, words: "Sequence[str]", make: "Callable[[str], str]") -> int:
    found, code = _found(session, words, make)
    sys.stdout.write("".join(f"{text}\n" for text in found))
    return code


def _found(session: Session, words: "Sequence[str]", make: "Callable[[str], Any]") -> tuple[list[Any], int]:
    from stackferry.grammar.diagnostics import StackferryError

    found, code = [], 0
    for word in words:
        try:
            found.append(make(word))
        except StackferryError as error:
            session.fail(error, str(error), error.hint)
            code = 1
    return found, code


def _print(found: list[Any], form: str | None) -> int:
    from stackferry.render.format import objects

    sys.stdout.write(objects(found, form))
    return 0
