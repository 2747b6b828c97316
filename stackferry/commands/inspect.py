"""`stackferry inspect`, `service inspect`, `node inspect`: everything about services, tasks and nodes."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stackferry.options import InspectFormat, Pretty
from stackferry.session import Session
from stackferry.words import verb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@verb
def inspect(
    session: Session,
    names: Annotated[list[str] | None, typer.Argument(metavar="[SERVICE|TASK|NODE]...", help="web, web.2 …")] = None,
    form: InspectFormat = None,
    pretty: Pretty = False,
) -> int:
    """Print everything about services, tasks or nodes, as docker's API says it; without a name, all services."""
    from grammar.diagnostics import StackferryError
    from stackferry.chosen import chosen
    from stackferry.finding import find_node, find_service, find_task, with_nodes
    from stackferry.render.api import node_object, service_object, task_object

    if pretty:
        return _service_inspect(session, names or [one.spec.name for one in chosen(session).services()], None, pretty)

    def service(word: str) -> Any:
        return service_object(find_service(session, word)[1])

    def task(word: str) -> Any:
        found, one = find_task(session, word)
        return task_object(found.cluster, one)

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
        return _print([service_object(one) for one in chosen(session).services()], form)
    return _each(session, names, anything, form)


@verb
def service_inspect(
    session: Session,
    services: Annotated[list[str], typer.Argument(metavar="SERVICE...")],
    form: InspectFormat = None,
    pretty: Pretty = False,
) -> int:
    """Print everything about one or more services."""
    return _service_inspect(session, services, form, pretty)


def _service_inspect(session: Session, services: "Sequence[str]", form: str | None, pretty: bool) -> int:
    import time

    from stackferry.finding import find_service
    from stackferry.render.api import service_object
    from stackferry.render.pretty import service_text

    _no_both(form, pretty=pretty)
    if pretty:
        now = time.time()
        return _texts(session, services, lambda word: service_text(find_service(session, word)[1], now))
    return _each(session, services, lambda word: service_object(find_service(session, word)[1]), form)


@verb
def node_inspect(
    session: Session,
    nodes: Annotated[list[str], typer.Argument(metavar="self|NODE...")],
    form: InspectFormat = None,
    pretty: Pretty = False,
) -> int:
    """Print everything about one or more nodes."""
    from stackferry.finding import find_node, with_nodes
    from stackferry.render.api import node_object
    from stackferry.render.pretty import node_text

    _no_both(form, pretty=pretty)
    found = with_nodes(session)
    if pretty:
        return _texts(session, nodes, lambda word: node_text(found.cluster, find_node(found, word)))
    return _each(session, nodes, lambda word: node_object(found.cluster, find_node(found, word)), form)


def _no_both(form: str | None, *, pretty: bool) -> None:
    if form and pretty:
        raise typer.BadParameter("--format is incompatible with human friendly format", param_hint="--pretty")


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
    from grammar.diagnostics import StackferryError

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
