"""The task reaper: forgets tasks that are to be removed, and a slot's oldest history (swarmkit taskreaper).

A leaving node goes when nothing runs on it any more, along with slots that are that node; other tasks stay as history.

A forgotten task takes its container along: the agent removes containers that have no task.
"""

from stackferry.emulator.cluster.objects import Service, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.orchestrator.draft import Draft
from stackferry.emulator.orchestrator.restart import forget

RETENTION = 5
"""Tasks kept for each slot, including the current one."""


def reap(draft: Draft, retention: int = RETENTION) -> None:
    """Forget all that is due. A `retention` below 0 keeps everything."""
    for service in list(draft.services.values()):
        for tasks in draft.slots(service).values():
            _reap_slot(draft, service, tasks, retention)
        if service.removed and not draft.of(service.id):
            del draft.services[service.id]
            forget(draft, service.id)
    _let_go(draft)


def _let_go(draft: Draft) -> None:
    leaving = {node.id for node in draft.nodes.values() if node.leaving}
    if not leaving:
        return
    gone = leaving - {task.node_id for task in draft.tasks.values() if not task.ended}
    draft.nodes = {key: node for key, node in draft.nodes.items() if key not in gone}
    for task in [one for one in draft.tasks.values() if one.node_id in gone]:
        service = draft.services.get(task.service_id)
        if service is not None and service.spec.mode.is_global:
            draft.drop(task)
            draft.history.pop((service.id, task.node_id), None)


def _reap_slot(draft: Draft, service: Service, tasks: list[Task], retention: int) -> None:
    kept = []
    for task in tasks:
        if task.desired == TaskState.REMOVE and (task.ended or task.state < TaskState.ASSIGNED):
            draft.drop(task)
        else:
            kept.append(task)
    attempts = service.spec.task.restart.max_attempts
    limit = attempts + 1 if attempts > 0 else retention
    if limit < 0 or len(kept) <= limit:
        return
    ended = [task for task in kept if task.ended and not task.wanted]
    for task in sorted(ended, key=lambda task: task.created_at)[: len(kept) - limit]:
        draft.drop(task)
