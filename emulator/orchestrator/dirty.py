"""Whether a task is out of date, which starts a rolling update (swarmkit orchestrator/task.go, IsTaskDirty).

A task is dirty if its service has changed since it was created and the change matters to a running container:
the task template or the endpoint. The service's labels, update policy and replica count do not.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace

from stackferry.emulator.cluster.constraint import matches
from stackferry.emulator.cluster.objects import Node, Service, Task
from stackferry.emulator.cluster.spec import EndpointSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState


def is_dirty(service: Service, task: Task, node: Node | None) -> bool:
    """Whether a rolling update has to replace the task. `node` is the node that the task runs on."""
    if task.version == service.version:
        return False
    wanted = service.spec.task
    if task.endpoint != service.spec.endpoint:
        return True
    if task.template == wanted:
        return False
    # If the task's node satisfies a new placement, the task stays.
    if node is not None and replace(task.template, placement=wanted.placement) == wanted:
        return not matches(wanted.placement.constraints, node)
    return True


def is_slot_dirty(service: Service, slot: Iterable[Task], nodes: Mapping[str, Node]) -> bool:
    """A slot is clean if exactly one of its tasks may run, and that task is up to date."""
    alive = [task for task in slot if task.desired <= TaskState.RUNNING]
    if len(alive) > 1:
        return True
    return any(is_dirty(service, task, nodes.get(task.node_id)) for task in slot)


def changed_fields(task: Task, template: TaskTemplate, endpoint: EndpointSpec) -> tuple[str, ...]:
    """The spec fields that make the task dirty, as dotted names: the reason that a plan gives."""
    return (*_differing(task.template, template, ""), *_differing(task.endpoint, endpoint, "endpoint."))


def _differing(old: object, new: object, prefix: str) -> Iterator[str]:
    if old == new:
        return
    if is_dataclass(old) and type(old) is type(new):
        for field in fields(old):
            name = "" if field.name == "container" else field.name
            yield from _differing(
                getattr(old, field.name), getattr(new, field.name), f"{prefix}{name}." if name else prefix
            )
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            yield from _differing(old.get(key), new.get(key), f"{prefix}{key}.")
    else:
        yield prefix.rstrip(".")
