"""Jobs: tasks that run once, to completion (swarmkit orchestrator/jobs).

A replicated job has slots 0 to n-1, of which `max_concurrent` run at a time; a global job has one task on each
node that accepts new tasks. Every change of the service is a new iteration, which runs all slots again.

A slot that has used up its attempts stays given up. In swarmkit, the next sibling that ends causes a fresh task for
that slot, for ever, and a global job never counts its attempts (restart.py): a `bug_compatible` service does the
same.
"""

from stackferry.emulator.cluster.constraint import matches
from stackferry.emulator.cluster.objects import Service, Task
from stackferry.emulator.cluster.spec import Mode
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.orchestrator.draft import Draft, Slot
from stackferry.emulator.orchestrator.replicated import lost_its_node
from stackferry.emulator.orchestrator.restart import release, restart, updatable


def orchestrate(draft: Draft, service: Service) -> None:
    """One pass over a job of either kind."""
    current: list[Task] = []
    for task in draft.of(service.id):
        if task.iteration == service.iteration:
            current.append(task)
        else:
            # Earlier scheduled runs stay as history, for their logs.
            draft.tell([task], TaskState.SHUTDOWN if service.spec.schedules else TaskState.REMOVE)
    for task in current:
        if task.wanted and (task.ended or lost_its_node(draft, task)):
            restart(draft, service, task)
    release(draft, service, [draft.tasks[task.id] for task in current])
    slots: dict[Slot, list[Task]] = {
        slot: kept
        for slot, tasks in draft.slots(service).items()
        if (kept := [task for task in tasks if task.iteration == service.iteration])
    }
    if service.spec.mode is Mode.GLOBAL_JOB:
        _on_every_node(draft, service, slots)
    else:
        _to_completion(draft, service, slots)


def _on_every_node(draft: Draft, service: Service, slots: dict[Slot, list[Task]]) -> None:
    for node in draft.nodes.values():
        fits = node.schedulable and matches(service.spec.task.placement.constraints, node)
        if fits and node.id not in slots:
            draft.create(service, node.id, TaskState.COMPLETE)


def _ended_since(slot: Slot, slots: dict[Slot, list[Task]]) -> bool:
    """Whether a task of another slot ended after this slot's last one; at equal times, the higher slot is later."""
    ends = {key: [(task.at, str(key)) for task in tasks if task.ended] for key, tasks in slots.items()}
    return bool(ends[slot]) and max(end for found in ends.values() for end in found) > max(ends[slot])


def _to_completion(draft: Draft, service: Service, slots: dict[Slot, list[Task]]) -> None:
    total = service.spec.replicas
    active = 0
    taken: set[Slot] = set()
    for slot, tasks in slots.items():
        complete = any(task.state == TaskState.COMPLETE for task in tasks)
        if not complete and any(task.runnable for task in tasks):
            active += 1
        elif not complete and service.spec.bug_compatible and _ended_since(slot, slots):
            continue
        elif not complete and not updatable(draft, service, tasks):
            # The policy wants the ended task replaced, and nobody has done so: the slot is free.
            continue
        taken.add(slot)
    at_once = service.spec.max_concurrent or total
    new = min(at_once - active, total - len(taken))
    for number in range(total):
        if new <= 0:
            break
        if number not in taken:
            draft.create(service, number, TaskState.COMPLETE)
            new -= 1
