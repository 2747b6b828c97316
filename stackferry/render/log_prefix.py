"""The prefix of a line of a task's output: docker's for `service logs`, compose's for `logs`."""

from collections.abc import Callable
from urllib.parse import unquote_plus

from stackferry.emulator.cluster.labels import NODE_ID, SERVICE_ID, TASK_ID
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.render.style import Style
from stackferry.render.task_rows import SHORT_ID

_COLOURS = ("36", "33", "32", "35", "34", "36;1", "33;1", "32;1", "35;1", "34;1")

Prefix = Callable[[Task], str]


def docker_prefix(
    look: Callable[[], Cluster], width: int, *, resolve: bool = True, trunc: bool = True, ids: bool = True
) -> Prefix:
    """`shop_web.1.h5txi3v1nc4j@node-1    | `; `width` is the number of digits of the greatest slot."""

    def prefix(task: Task) -> str:
        cluster = look()
        service, node = cluster.services.get(task.service_id), cluster.nodes.get(task.node_id)
        name = service.spec.name if service and resolve else task.service_id
        identity = f".{task.id[:SHORT_ID] if trunc else task.id}" if ids else ""
        where = node.hostname if node and resolve else task.node_id
        return f"{name}.{task.slot}{identity}@{where}{' ' * (width - len(str(task.slot)))}    | "

    return prefix


def docker_details(kept: str, _: Task) -> str:
    """The text that `--details` adds after the prefix: the log's labels and variables, sorted by name."""
    return ",".join(sorted(unquote_plus(pair) for pair in kept.split(",") if pair))


def raw_details(kept: str, task: Task) -> str:
    """The text that `--raw --details` adds: the same in the API's form, and then the task."""
    ids = {NODE_ID: task.node_id, SERVICE_ID: task.service_id, TASK_ID: task.id}
    return ",".join((*filter(None, [kept]), *(f"{label}={value}" for label, value in ids.items())))


def compose_prefix(name: Callable[[Task], str], width: int, style: Style) -> Prefix:
    """`web.1  | `, with a colour per slot; `width` is that of the longest name."""
    colours: dict[str, str] = {}

    def prefix(task: Task) -> str:
        label = name(task)
        colour = colours.setdefault(label, _COLOURS[len(colours) % len(_COLOURS)])
        text = f"{label:<{width}}  | "
        return f"\033[{colour}m{text}\033[0m" if style.enabled else text

    return prefix
