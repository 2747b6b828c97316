"""Global services: one task on every node that satisfies the constraints (swarmkit orchestrator/global).

The slot of a task is its node. A paused node keeps its task and gets no new one.
"""

from stackferry.emulator.cluster.constraint import matches
from stackferry.emulator.cluster.objects import Node, Service, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.orchestrator.draft import Draft, Slot
from stackferry.emulator.orchestrator.restart import release, restart, updatable
from stackferry.emulator.orchestrator.update import step


def orchestrate(draft: Draft, service: Service) -> None:
    """One pass over a global service."""
    for task in draft.of(service.id):
        if task.wanted and task.ended and _is_open(draft.nodes.get(task.node_id)):
            _end_or_restart(draft, service, task)
    release(draft, service, draft.of(service.id))
    slots: dict[Slot, list[Task]] = draft.slots(service)
    kept: dict[Slot, list[Task]] = {}
    for node in draft.nodes.values():
        if not _is_open(node):
            continue
        members = slots.pop(node.id, [])
        counted = updatable(draft, service, members) if members else []
        if not matches(service.spec.task.placement.constraints, node):
            draft.tell(counted, TaskState.SHUTDOWN)
        elif node.availability == "active":
            if counted:
                kept[node.id] = counted
            else:
                draft.create(service, node.id, TaskState.RUNNING)
    for members in slots.values():
        draft.tell((task for task in members if task.wanted), TaskState.SHUTDOWN)
    step(draft, service, kept)


def _is_open(node: Node | None) -> bool:
    """Whether a node takes part: neither drained nor down."""
    return node is not None and node.ready and node.availability != "drain"


def _end_or_restart(draft: Draft, service: Service, task: Task) -> None:
    node = draft.nodes[task.node_id]
    if node.availability == "pause" or not matches(service.spec.task.placement.constraints, node):
        draft.tell([task], TaskState.SHUTDOWN)
    else:
        restart(draft, service, task)
