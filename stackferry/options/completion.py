"""Shell completion for the names of services, tasks, nodes, stacks, jobs, profiles and contexts.

The metavar of an option or argument says what a word can be: `SERVICE|TASK` is either. Reads stores and files, never
asks an engine; errors in them give no completions.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from stackferry.grammar.diagnostics import StackferryError
from stackferry.lookup.service_names import of_names, written
from stackferry.lookup.stacks import Found, chosen, reach
from stackferry.options.declaration import ArgumentWords, OptionWords
from stackferry.options.stack_options import requested
from stackferry.session import Session, StackChoice

Names = Callable[[Session], Iterable[str]]
Complete = Callable[[Any, str], list[str]]


def completer(given: OptionWords | ArgumentWords) -> Complete | None:
    """A completion function for typer, from its context and the typed prefix; None if there is nothing to complete."""
    words = given.words if isinstance(given, OptionWords) else ()
    by_word = [names for word in words if (names := _BY_OPTION.get(word))]
    kinds = [kind for kind in re.findall(r"[A-Z_]+", given.metavar or "") if kind in _BY_KIND]
    if not by_word and not kinds:
        return None
    end = "=" if "SERVICE=" in (given.metavar or "") else ""

    def complete(ctx: Any, incomplete: str) -> list[str]:
        session = _session(ctx)
        table = _OF_DOCKER if ctx.parent is not None and ctx.parent.info_name == "service" else _BY_KIND
        found = by_word or [table[kind] for kind in kinds]
        names = dict.fromkeys(name for one in found for name in _tried(one, session))
        return [f"{name}{end}" for name in names if name.startswith(incomplete)]

    return complete


def _tried(names: Names, session: Session) -> list[str]:
    try:
        return [*names(session)]
    except (StackferryError, OSError):
        return []


def _session(context: Any) -> Session:
    """The session of the line being typed, with the options from both sides of the command."""
    session = Session(environment=dict(os.environ))
    while context is not None:
        given = context.params
        choice = StackChoice(
            files=tuple(given.get("file") or ()),
            project_name=given.get("project_name"),
            env_files=tuple(given.get("env_file") or ()),
            project_directory=given.get("project_directory"),
        )
        # From the command outwards: options nearer to it win.
        session.stack = choice.with_later(session.stack)
        context = context.parent
    return session


def _services(session: Session) -> Iterable[str]:
    """The services of the file, and the running ones."""
    return [*_tried(_written, session), *_tried(_running, session)]


def _written(session: Session) -> Iterable[str]:
    return sorted(written(of_names(session, requested(session))))


def _running(session: Session) -> Iterable[str]:
    found = chosen(session)
    return (found.short(one) for one in found.services())


def _tasks(session: Session) -> Iterable[str]:
    found = chosen(session)
    for task in found.cluster.tasks.values():
        if task.runnable and task.slot:
            yield f"{found.short(found.cluster.services[task.service_id])}.{task.slot}"


def _every(names: Callable[[Found], Iterable[str]]) -> Names:
    return lambda session: (name for found in reach(session).stacks for name in names(found))


def _profiles(session: Session) -> Iterable[str]:
    from stackferry.render.names import names

    return names(of_names(session, requested(session)), "profiles").split()


def _contexts(_: Session) -> Iterable[str]:
    from stackferry.translator.cluster.kubeconfig import contexts

    return contexts(None)


def _stacks(session: Session) -> Iterable[str]:
    from stackferry.emulator.store.directories import stacks

    return stacks(session.environment)


_BY_KIND: Mapping[str, Names] = {
    "SERVICE": _services,
    "TASK": _tasks,
    "STACK": _stacks,
    "NODE": _every(lambda found: (node.hostname for node in found.cluster.nodes.values())),
    "JOB": _services,
}
_OF_DOCKER: Mapping[str, Names] = {
    **_BY_KIND,
    "SERVICE": _every(lambda found: (one.spec.name for one in found.services())),
    "TASK": _every(lambda found: (found.cluster.task_name(one) for one in found.cluster.tasks.values())),
}
"""Below `service`, names are full names of all stacks."""

_BY_OPTION: Mapping[str, Names] = {
    "--project-name": _stacks,
    "--profile": _profiles,
    "--context": _contexts,
}
