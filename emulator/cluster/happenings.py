"""The events between two clusters, which the store keeps and the foreground shows.

Pure: two clusters in, one event out for each service, task and node that changed in a way that a user may want to know
of. Each writer of a cluster reports its own changes: a command its change, the manager what followed from it.
"""

from collections.abc import Iterator

from stackferry.emulator.cluster.event import Action, Event, NodeEvent, ServiceEvent, TaskEvent
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task


def happenings(before: Cluster, after: Cluster) -> Iterator[Event]:
    """Nodes first, then services, then tasks; of each kind, new or changed objects before removed ones."""
    yield from _of_nodes(before, after)
    for service_id, service in after.services.items():
        yield from _of_service(before.services.get(service_id), service)
    for service_id, service in before.services.items():
        if service_id not in after.services:
            yield ServiceEvent(Action.REMOVE, service_id, service.spec.name)
    for task_id, task in after.tasks.items():
        old = before.tasks.get(task_id)
        if old is not task and (old is None or _told(old) != _told(task)):
            yield _of_task(after, Action.CREATE if old is None else Action.UPDATE, task)
    for task_id, task in before.tasks.items():
        if task_id not in after.tasks:
            yield _of_task(before, Action.REMOVE, task)


def _of_nodes(before: Cluster, after: Cluster) -> Iterator[Event]:
    for node_id, node in after.nodes.items():
        old = before.nodes.get(node_id)
        if old is None:
            yield _of_node(Action.CREATE, node)
        elif (old.role, old.availability, old.ready) != (node.role, node.availability, node.ready):
            yield _of_node(Action.UPDATE, node)
    for node_id, node in before.nodes.items():
        if node_id not in after.nodes:
            yield _of_node(Action.REMOVE, node)


def _of_node(action: Action, node: Node) -> NodeEvent:
    return NodeEvent(action, node.id, node.hostname, node.role, node.availability, node.ready)


def _of_service(old: Service | None, service: Service) -> Iterator[Event]:
    name = service.spec.name
    if old is None:
        yield ServiceEvent(Action.CREATE, service.id, name)
        return
    if service.version != old.version:
        yield ServiceEvent(Action.UPDATE, service.id, name, service.version)
    if service.update != old.update and (update := service.update) is not None:
        yield ServiceEvent(
            Action.UPDATE_STATUS, service.id, name, state=update.state, message=update.message, cause=update.cause
        )
    if service.removed and not old.removed:
        yield ServiceEvent(Action.REMOVING, service.id, name)


def _told(task: Task) -> tuple[object, ...]:
    """The parts of a task whose change is an event."""
    return (task.state, task.desired, task.error)


def _of_task(cluster: Cluster, action: Action, task: Task) -> TaskEvent:
    service, node = cluster.services.get(task.service_id), cluster.nodes.get(task.node_id)
    return TaskEvent(
        action,
        task.id,
        service.spec.name if service else task.service_id,
        task.state,
        task.desired,
        task.slot,
        node.hostname if node else "",
        task.node_id,
        task.message,
        task.error,
        task.exit_code,
    )
