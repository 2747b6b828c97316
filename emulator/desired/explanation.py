"""The report on every key of a stack on the local engine: `grammar/explanation.py` with our table and notes.

The table of fates says at which place of the desired state a key ends up. A place begins with a role: `service` (the
ServiceSpec), `container` (its ContainerSpec), `option` (a field of the engine's HostConfig), `build`, `network`,
`volume`, `payload`, `nodes`, `stack`; field names follow. A place that does not exist, or that holds its default, is
not shown.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.fates import TABLE
from stackferry.grammar.accounting import explain as account
from stackferry.grammar.compose.model.model import Project
from stackferry.grammar.explanation import Amend, Explanation, Work
from stackferry.grammar.key_path import Path
from stackferry.grammar.source import Span

DEFAULT = "what happens without it, too"
_NONE: Mapping[Path, Amend] = {}


def explain(
    keys: Iterable[tuple[Path, Span]], project: Project, stack: DesiredStack, amended: Mapping[Path, Amend] = _NONE
) -> Explanation:
    """Account for every key. `keys` is `Loaded.keys()`, `stack` the desired state of `project`.

    `amended` changes the rows of whole resources.
    """
    work = Work(
        project,
        TABLE,
        stack.notes,
        lambda place, path: look_up(place, path, stack),
        len(stack.services),
        "service",
        DEFAULT,
        amended,
    )
    return account(keys, work)


_NETWORKS = "networks"


def look_up(place: str, path: Path, stack: DesiredStack) -> Iterator[str]:
    """The place as it is in the desired state; nothing if it does not exist."""
    role, _, fields = place.partition(".")
    yield from _ROLES[role](fields, path, stack)


def _spec(path: Path, stack: DesiredStack) -> ServiceSpec | None:
    name = stack.names.get(str(path[1])) if len(path) > 1 and path[0] in ("services", "jobs") else None
    return next((spec for spec in stack.services if spec.name == name), None)


def _container(path: Path, stack: DesiredStack) -> tuple[str, ContainerSpec] | None:
    spec = _spec(path, stack)
    return (spec.name, spec.task.container) if spec and isinstance(spec.task.container, ContainerSpec) else None


def _of_service(fields: str, path: Path, stack: DesiredStack) -> Iterator[str]:
    spec = _spec(path, stack)
    if spec is not None and (not fields or _is_set(spec, fields)):
        yield f"{spec.name} {fields}".rstrip()


def _of_container(fields: str, path: Path, stack: DesiredStack) -> Iterator[str]:
    found = _container(path, stack)
    if found is not None and _is_set(found[1], fields):
        yield f"{found[0]} {fields}"


def _of_option(fields: str, path: Path, stack: DesiredStack) -> Iterator[str]:
    found = _container(path, stack)
    if found is not None and fields in found[1].options:
        yield f"{found[0]} HostConfig.{fields}"


def _is_set(value: Any, fields: str) -> bool:
    """Whether a nested field holds something other than its default."""
    default: Any = None
    for name in fields.split("."):
        described = next(one for one in dataclasses.fields(value) if one.name == name)
        factory = described.default_factory
        default = factory() if factory is not dataclasses.MISSING else described.default
        value = getattr(value, name)
    return bool(value != default)


def _of_build(fields: str, path: Path, stack: DesiredStack) -> Iterator[str]:
    yield from (f"build of {one.image}" for one in stack.builds if len(path) > 1 and one.service == path[1])


def _named(collection: str) -> Callable[[str, Path, DesiredStack], Iterator[str]]:
    def found(fields: str, path: Path, stack: DesiredStack) -> Iterator[str]:
        yield from (f"{collection[:-1]} {one.name}" for one in getattr(stack, collection) if one.key == path[1])

    return found


def _of_payload(fields: str, path: Path, stack: DesiredStack) -> Iterator[str]:
    kind = str(path[0])[:-1]
    yield from (f"{kind} {one.name}" for one in stack.payloads if one.kind == kind and one.key == path[1])


def _of_nodes(fields: str, path: Path, stack: DesiredStack) -> Iterator[str]:
    yield from (f"node {one.name}" for one in stack.nodes)


def _of_stack(fields: str, path: Path, stack: DesiredStack) -> Iterator[str]:
    yield f"stack {stack.name}"


_ROLES: Mapping[str, Callable[[str, Path, DesiredStack], Iterator[str]]] = {
    "service": _of_service,
    "container": _of_container,
    "option": _of_option,
    "build": _of_build,
    "network": _named(_NETWORKS),
    "volume": _named("volumes"),
    "payload": _of_payload,
    "nodes": _of_nodes,
    "stack": _of_stack,
}
