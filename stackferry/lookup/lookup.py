"""Finds the service, task or node that a word of the command line names.

A word can be a service's key in the compose file (`web`), docker's name (`shop_web`) or an id; for a task, `web.2`
(the newest of the slot) or an id; for a node, a hostname or an id. Unknown words are reported in docker's words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from stackferry.emulator.cluster.objects import Node, Service, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.store.directories import stacks
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.suggest import did_you_mean
from stackferry.lookup.stacks import Found, Reach, chosen, look, nothing_in, quiet_name, reach
from stackferry.render.node_rows import leader
from stackferry.session import Session


def find_service(session: Session, word: str) -> tuple[Found, Service]:
    """The service that a word names, in any stack in reach."""
    return find_services(session, [word])[0]


def find_services(session: Session, words: Iterable[str]) -> list[tuple[Found, Service]]:
    """A service for each word; the error names all missing ones."""
    found, error = find_known(session, words)
    if error is not None:
        raise error
    return found


def find_known(session: Session, words: Iterable[str]) -> tuple[list[tuple[Found, Service]], StackferryError | None]:
    """The services that were found, and an error for the words that match none."""
    within = reach(session)
    found, missing = [], []
    for word in words:
        match = _service(within, word)
        if match is None:
            missing.append(word)
        else:
            found.append(match)
    return found, no_such("service", missing, _service_names(within.stacks)) if missing else None


def no_such(kind: str, missing: list[str], known: Iterable[str]) -> StackferryError:
    """Docker's error for unknown names."""
    names = set(known)
    hints = [one for one in (did_you_mean(word, names) for word in missing) if one]
    return StackferryError("\n".join(f"no such {kind}: {word}" for word in missing), "; ".join(dict.fromkeys(hints)))


def _service_names(found: Iterable[Found]) -> Iterator[str]:
    for stack in found:
        for service in stack.services():
            yield from (service.spec.name, stack.short(service))


def _service(within: Reach, word: str) -> tuple[Found, Service] | None:
    """None if nothing matches; raises if several do. `web` prefers the chosen stack over all others."""
    tests: tuple[Callable[[Found, Service], bool], ...] = (
        lambda _, service: word in (service.spec.name, service.id),
        lambda one, service: one.stack == within.own and one.short(service) == word,
        lambda one, service: one.short(service) == word,
        lambda _, service: word != "" and service.id.startswith(word),
    )
    for test in tests:
        fits = [(one, service) for one in within.stacks for service in one.services() if test(one, service)]
        if len(fits) > 1:
            names = ", ".join(service.spec.name for _, service in fits)
            raise StackferryError(f"service {word} is ambiguous ({len(fits)} matches found)", f"one of {names}")
        if fits:
            return fits[0]
    return None


def of_stack(session: Session, words: Iterable[str] | None) -> tuple[Found, list[Service]]:
    """The chosen stack and its services that the words name; all services without words."""
    found = chosen(session)
    if not words:
        return found, found.services()
    services, missing = [], []
    for word in words:
        match = _service(Reach(found.stack, [found]), word)
        if match is None:
            missing.append(word)
        else:
            services.append(match[1])
    if missing:
        raise no_such("service", missing, (found.short(one) for one in found.services()))
    return found, services


def find_task(session: Session, word: str, slot: int = 0) -> tuple[Found, Task]:
    """The task that a word names: `web.2`, a task's id, or a service's running task of the lowest slot (or `slot`)."""
    within = reach(session)
    service = _service(within, word)
    name, dot, number = word.rpartition(".")
    if service is None and dot and (number.isdigit() or len(number) >= _SHORT):
        service = _service(within, name)
        if service is not None:
            return service[0], _of_slot(*service, number)
    if service is not None:
        return service[0], _of_slot(*service, str(slot)) if slot else _first(*service)
    fits = [
        (one, task)
        for one in within.stacks
        for task in one.cluster.tasks.values()
        if word and word in _names_of(one, task)
    ]
    fits = fits or [
        (one, task) for one in within.stacks for task in one.cluster.tasks.values() if word and _begins(one, task, word)
    ]
    if len(fits) == 1:
        return fits[0]
    raise StackferryError(f"no such task or service: {word}", did_you_mean(word, _service_names(within.stacks)))


_SHORT = 12
"""Characters of an id that tables show."""


def _begins(found: Found, task: Task, word: str) -> bool:
    if task.id.startswith(word) or found.cluster.task_name(task).startswith(word):
        return True
    # A container id as docker's tables show it; a shorter one might be a task id.
    return len(word) >= _SHORT and task.container_id.startswith(word)


def _names_of(found: Found, task: Task) -> tuple[str, ...]:
    return task.id, found.cluster.task_name(task), task.container_id


def _of_slot(found: Found, service: Service, number: str) -> Task:
    """The newest task of a slot or of a node, or the task whose id has this prefix."""
    tasks = [
        task
        for task in found.cluster.tasks_of(service.id)
        if number == str(task.slot) or (len(number) >= _SHORT and number in (task.node_id, task.id[:_SHORT]))
    ]
    if not tasks:
        slots = sorted({task.slot for task in found.cluster.tasks_of(service.id)})
        known = f"its slots are {', '.join(map(str, slots))}" if slots else "it has no tasks"
        raise StackferryError(f"no such task: {found.short(service)}.{number}", known)
    return max(tasks, key=lambda task: (not task.ended, task.created_at))


def _first(found: Found, service: Service) -> Task:
    tasks = sorted(
        found.cluster.tasks_of(service.id),
        key=lambda task: (task.state != TaskState.RUNNING, task.slot, -task.created_at),
    )
    if not tasks:
        raise StackferryError(
            f"service {found.short(service)!r} has no tasks", "list the running tasks with `stackferry ps`"
        )
    return tasks[0]


def with_nodes(session: Session) -> Found:
    """The stack whose nodes a command works on: the chosen stack, else the only existing one."""
    name = session.stack.project_name or quiet_name(session)
    found = look(session, name) if name else None
    if found is not None:
        return found
    known = list(stacks(session.environment))
    if session.stack.project_name or not known:
        raise (
            nothing_in(session, name)
            if name
            else StackferryError(
                "no stack is running, and nodes belong to a stack",
                "start the stack of a compose file with `stackferry up`",
            )
        )
    if len(known) > 1:
        raise StackferryError("choose one with -p: each stack has its own nodes", f"choose with -p: {', '.join(known)}")
    stack = look(session, known[0])
    if stack is None:
        raise nothing_in(session, known[0])
    return stack


def find_node(found: Found, word: str) -> Node:
    """A node by hostname, id, prefix of an id, or `self` (the leader)."""
    nodes = list(found.cluster.nodes.values())
    if word == "self":
        nodes, word = [one for one in nodes if one is leader(found.cluster)], ""
    for fits in (
        [one for one in nodes if word in (one.hostname, one.id)],
        [one for one in nodes if one.id.startswith(word)],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits and word:
            names = ", ".join(one.hostname for one in fits)
            raise StackferryError(f"node {word} is ambiguous ({len(fits)} matches found)", f"one of {names}")
    raise StackferryError(
        f"node {word} not found", did_you_mean(word, (one.hostname for one in found.cluster.nodes.values()))
    )


def by_stack(found: Iterable[tuple[Found, Service]]) -> Mapping[str, list[tuple[Found, Service]]]:
    """Services grouped by their stack, each to be changed in one transaction."""
    groups: dict[str, list[tuple[Found, Service]]] = {}
    for stack, service in found:
        groups.setdefault(stack.stack, []).append((stack, service))
    return groups
