"""The constraint enforcer: tasks whose node no longer fits are rejected (swarmkit orchestrator/constraintenforcer).

It runs first in a pass, so that the orchestrators replace the rejected tasks in the same pass.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from stackferry.emulator.cluster.constraint import matches
from stackferry.emulator.cluster.objects import Node, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.orchestrator.draft import Draft

MESSAGE, ERROR = "task rejected by constraint enforcer", "assigned node no longer meets constraints"


def enforce(draft: Draft) -> None:
    """Reject tasks that may run on nodes which no longer satisfy their constraints or reservations."""
    for task in misfits(draft.tasks.values(), draft.nodes):
        # Its container may still run: the agent stops it.
        draft.put(replace(task.moved(TaskState.REJECTED, draft.now, MESSAGE, ERROR), failing=ERROR))


def misfits(tasks: Iterable[Task], nodes: Mapping[str, Node]) -> list[Task]:
    """The tasks that may run on nodes which no longer satisfy their constraints or reservations."""
    spent: dict[str, list[int]] = {}
    found = []
    for task in tasks:
        node = nodes.get(task.node_id)
        if node is None or node.availability == "drain" or not node.ready:
            continue
        if not task.runnable or task.state < TaskState.ASSIGNED or task.failing:
            continue
        if not matches(task.template.placement.constraints, node) or not _fits(task, node, spent):
            found.append(task)
    return found


def _fits(task: Task, node: Node, spent: dict[str, list[int]]) -> bool:
    needs = task.template.reservations
    if not needs.nano_cpus and not needs.memory:
        return True
    used = spent.setdefault(node.id, [0, 0])
    if used[0] + needs.nano_cpus > node.nano_cpus or used[1] + needs.memory > node.memory:
        return False
    used[0] += needs.nano_cpus
    used[1] += needs.memory
    return True
