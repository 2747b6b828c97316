"""Replicated services: a fixed number of slots, each with a task (swarmkit orchestrator/replicated).

First the task level: tasks that ended or lost their node go to the restart supervisor. Then the service level:
slots are added, removed or handed to the updater.
"""

from stackferry.emulator.cluster.objects import Service, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.orchestrator.draft import Draft, Slot
from stackferry.emulator.orchestrator.restart import release, restart, updatable
from stackferry.emulator.orchestrator.update import step


def orchestrate(draft: Draft, service: Service) -> None:
    """One pass over a replicated service."""
    tasks = draft.of(service.id)
    for task in tasks:
        if task.wanted and (task.ended or lost_its_node(draft, task)):
            restart(draft, service, task)
    release(draft, service, draft.of(service.id))
    alive: dict[Slot, list[Task]] = {}
    dead: list[Task] = []
    for slot, members in draft.slots(service).items():
        counted = updatable(draft, service, members)
        if counted:
            alive[slot] = counted
        else:
            dead += members
    extra = len(alive) - service.spec.replicas
    if extra > 0:
        for slot in victims(alive, extra):
            draft.tell(alive.pop(slot), TaskState.REMOVE)
    step(draft, service, alive)
    if extra < 0:
        _add(draft, service, alive, -extra)
    for task in dead:
        if task.id in draft.tasks and task.ended:
            draft.tell([task], TaskState.REMOVE)


def lost_its_node(draft: Draft, task: Task) -> bool:
    """Whether the node of a task is gone, down or drained."""
    if not task.node_id:
        return False
    node = draft.nodes.get(task.node_id)
    return node is None or not node.ready or node.availability == "drain"


def _add(draft: Draft, service: Service, alive: dict[Slot, list[Task]], count: int) -> None:
    """Add slots, with the smallest free numbers."""
    number = 0
    while count:
        number += 1
        if number not in alive:
            draft.create(service, number, TaskState.RUNNING)
            count -= 1


def victims(slots: dict[Slot, list[Task]], count: int) -> list[Slot]:
    """Which slots go when a service shrinks (swarmkit replicated/slot.go).

    Slots that do not run go first, then those on nodes with the most replicas, then the highest numbers.
    """
    copies: dict[str, int] = {}
    ranked: list[tuple[bool, int, int, Slot]] = []
    for slot in sorted(slots, key=lambda slot: (not _runs(slots[slot]), slot)):
        node_id = slots[slot][0].node_id
        copies[node_id] = copies.get(node_id, 0) + 1
        ranked.append((not _runs(slots[slot]), copies[node_id], int(slot), slot))
    return [slot for *_, slot in sorted(ranked, reverse=True)[:count]]


def _runs(tasks: list[Task]) -> bool:
    return any(task.state == TaskState.RUNNING for task in tasks)
