"""The scheduler: which node a new task runs on (swarmkit manager/scheduler).

It passes tasks without a node, and those of global services, which have one, through the filters. Of the nodes
that pass, it takes one with the fewest tasks of the service, then the fewest tasks overall, along the tree of the
spread preferences. A task that fits nowhere stays PENDING and says why.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from stackferry.emulator.cluster.objects import Node, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.orchestrator.draft import Draft
from stackferry.emulator.orchestrator.filters import FAILURE_WINDOW, FAILURES_TO_AVOID, FILTERS, Filter, Load, rejection

_PREFIXES = ("node.labels.", "engine.labels.")


def schedule(draft: Draft) -> None:
    """Assign every waiting task for which there is a node."""
    waiting = [task for task in draft.tasks.values() if task.state < TaskState.ASSIGNED]
    if not waiting:
        return
    loads = {node.id: Load(node) for node in draft.nodes.values()}
    for task in draft.tasks.values():
        load = loads.get(task.node_id)
        if load is None:
            continue
        if task.state >= TaskState.ASSIGNED and not task.ended:
            load.add(task)
        elif task.state in (TaskState.FAILED, TaskState.REJECTED) and task.at > draft.now - FAILURE_WINDOW:
            key = (task.service_id, task.version)
            load.failures[key] = load.failures.get(key, 0) + 1
    for task in waiting:
        if not task.wanted:
            draft.put(task.moved(TaskState.SHUTDOWN, draft.now, "shutdown"))
        else:
            _place(draft, task, loads)


def _place(draft: Draft, task: Task, loads: dict[str, Load]) -> None:
    applying = [one for one in FILTERS if one.applies(task)]
    candidates = [loads[task.node_id]] if task.node_id in loads else [] if task.node_id else list(loads.values())
    failed: Counter[int] = Counter()
    passing = []
    for load in candidates:
        rejected = rejection(task, load, applying)
        if rejected is None:
            passing.append(load)
        else:
            failed[FILTERS.index(rejected)] += 1
    if not passing:
        _leave_pending(draft, task, failed, FILTERS)
        return
    chosen = _choose(task, passing)
    chosen.add(task)
    assigned = replace(task, node_id=chosen.node.id, error="")
    draft.put(assigned.moved(TaskState.ASSIGNED, draft.now, "scheduler assigned task to node"))


def _leave_pending(draft: Draft, task: Task, failed: Counter[int], filters: tuple[Filter, ...]) -> None:
    explained = "; ".join(
        filters[index].explain(count) for index, count in sorted(failed.items(), key=lambda one: (-one[1], one[0]))
    )
    error = f"no suitable node ({explained})" if explained else "no suitable node"
    if task.state < TaskState.PENDING:
        draft.put(task.moved(TaskState.PENDING, draft.now, "pending task scheduling", error))
    elif task.error != error:
        draft.put(replace(task, error=error))


def _choose(task: Task, loads: list[Load]) -> Load:
    for preference in task.template.placement.spread:
        branches: dict[str, list[Load]] = {}
        for load in loads:
            branches.setdefault(_label(load.node, preference), []).append(load)
        # The branch with the fewest tasks of the service; a missing label is a branch of its own.
        loads = min(branches.values(), key=lambda branch: _count(task, branch))
    return min(loads, key=lambda load: _rank(task, load))


def _count(task: Task, loads: Iterable[Load]) -> int:
    return sum(load.by_service.get(task.service_id, 0) for load in loads)


def _rank(task: Task, load: Load) -> tuple[bool, int, int]:
    avoided = load.failures.get((task.service_id, task.version), 0) >= FAILURES_TO_AVOID
    return avoided, load.by_service.get(task.service_id, 0), load.tasks


def _label(node: Node, preference: str) -> str:
    for prefix, labels in zip(_PREFIXES, (node.labels, node.engine_labels), strict=True):
        if preference.lower().startswith(prefix):
            return labels.get(preference[len(prefix) :], "")
    return ""
