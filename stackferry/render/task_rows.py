"""Rows of `ps`: tasks as `docker service ps` shows them, with a slot's history indented below its newest task."""

from collections.abc import Iterable, Mapping

from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.render.columns import natural
from stackferry.render.durations import human
from stackferry.render.filters import Test
from stackferry.render.format import Row, Shape
from stackferry.render.image_names import image_name

SHAPE = Shape(
    {
        "ID": "ID",
        "Name": "NAME",
        "Image": "IMAGE",
        "Node": "NODE",
        "DesiredState": "DESIRED STATE",
        "CurrentState": "CURRENT STATE",
        "Error": "ERROR",
        "Ports": "PORTS",
    },
    ("ID", "Name", "Image", "Node", "DesiredState", "CurrentState", "Error", "Ports"),
)

LONGEST_ERROR, SHORT_ID = 30, 12
_WAS = " \\_ "


def task_rows(
    cluster: Cluster, tasks: Iterable[Task], now: float, *, table: bool, trunc: bool = True, resolve: bool = True
) -> list[Row]:
    """Rows sorted by name in natural order, then newest first. `resolve`: show names instead of ids."""
    names = {task.id: slot_name(cluster, task, resolve=resolve) for task in tasks}
    newest = sorted((cluster.tasks[key] for key in names), key=lambda task: -task.created_at)
    rows: list[Row] = []
    previous = ""
    for task in sorted(newest, key=lambda task: natural(names[task.id])):
        name = names[task.id]
        node = cluster.nodes.get(task.node_id)
        rows.append(
            {
                "ID": task.id[:SHORT_ID] if trunc else task.id,
                "Name": f"{_WAS}{name}" if table and name == previous else name,
                "Image": image_name(task.template.container.image if task.template.container else "", trunc=trunc),
                "Node": node.hostname if resolve and node else task.node_id,
                "DesiredState": str(task.desired).title(),
                "CurrentState": f"{str(task.state).title()} {human(now - task.since).lower()} ago",
                "Error": _error(task.error or _missing(task), trunc=trunc),
                "Ports": ",".join(f"*:{one.published}->{one.target}/{one.protocol}" for one in task.held),
            }
        )
        previous = name
    return rows


def slot_name(cluster: Cluster, task: Task, *, resolve: bool = True) -> str:
    """`web.2`; a global service's task has its node's id instead of a number."""
    service = cluster.services.get(task.service_id)
    name = service.spec.name if service and resolve else task.service_id
    return f"{name}.{task.slot or task.node_id}"


def _missing(task: Task) -> str:
    """The message about what a running task lacks."""
    return f"disconnected from network {', '.join(task.cut)}" if task.cut and not task.ended else ""


def _error(error: str, *, trunc: bool) -> str:
    text = f"{error[: LONGEST_ERROR - 1]}…" if trunc and len(error) > LONGEST_ERROR else error
    return f'"{text}"' if text else ""


def task_tests(cluster: Cluster) -> Mapping[str, Test[Task]]:
    """The tests for `--filter` of `ps`."""

    def is_on(task: Task, value: str) -> bool:
        node = cluster.nodes.get(task.node_id)
        return node is not None and (node.hostname == value or (value != "" and node.id.startswith(value)))

    def is_named(task: Task, value: str) -> bool:
        return value in {slot_name(cluster, task), cluster.task_name(task)} or slot_name(cluster, task).startswith(
            value
        )

    def is_of(task: Task, value: str) -> bool:
        service = cluster.services.get(task.service_id)
        return service is not None and (service.spec.name == value or service.id.startswith(value))

    return {
        "id": lambda task, value: task.id.startswith(value),
        "name": is_named,
        "node": is_on,
        "service": is_of,
        "desired-state": lambda task, value: value.lower() == str(task.desired),
    }


TASK_VALUES = {"desired-state": [str(one) for one in TaskState]}
"""The allowed values of these keys of `--filter`."""
