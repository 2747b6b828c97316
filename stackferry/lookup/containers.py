"""Finds the containers of running tasks, for `exec`, `attach`, `top` and `stats`."""

from collections.abc import Sequence

from stackferry.emulator.cluster.objects import Service, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.grammar.diagnostics import StackferryError
from stackferry.lookup.lookup import find_task, of_stack
from stackferry.lookup.stacks import Found
from stackferry.render.columns import natural
from stackferry.render.task_rows import slot_name
from stackferry.session import Session

_LIVE = (TaskState.STARTING, TaskState.RUNNING)


def running_container(session: Session, word: str, slot: int = 0) -> str:
    """The container of the task that a word names; raises if the task is not running."""
    found, task = find_task(session, word, slot)
    if task.state not in _LIVE or not task.container_id:
        name = slot_name(found.cluster, task)
        reason = f": {task.error}" if task.error else ""
        raise StackferryError(
            f"task {name} is not running: it is {task.state}{reason}", "list all tasks with `stackferry ps`"
        )
    return task.container_id


def running_tasks(session: Session, services: Sequence[str] | None) -> tuple[Found, list[Task]]:
    """The running tasks of the named services or of all, sorted by name."""
    found, wanted = of_stack(session, services)
    return found, [task for service in _ordered(wanted) for task in _live(found, service)]


def _ordered(services: Sequence[Service]) -> list[Service]:
    return sorted(services, key=lambda one: natural(one.spec.name))


def _live(found: Found, service: Service) -> list[Task]:
    tasks = (task for task in found.cluster.tasks_of(service.id) if task.state in _LIVE and task.container_id)
    return sorted(tasks, key=lambda task: (task.slot, task.created_at))
