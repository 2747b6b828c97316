"""Rows of the short `ps` in compose's words: the containers of tasks, as `docker compose ps --format json` has them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate
from unicodedata import east_asian_width

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.grammar.gotemplate.printf import quoted
from stackferry.render.columns import natural
from stackferry.render.durations import human
from stackferry.render.filters import Test
from stackferry.render.format import Row, json_text
from stackferry.render.image_names import image_name
from stackferry.render.published import publisher, reached, shown
from stackferry.render.task_rows import SHAPE, SHORT_ID, slot_name, task_rows

LONGEST_COMMAND = 20

STATUSES = ("created", "running", "exited", "dead", "paused", "restarting", "removing")
"""All values of compose's `--status`. A task is never restarting or removing: another task replaces it."""

Paused = frozenset[str]
"""Ids of paused containers: only the engine knows this, tasks do not record it."""


def status_of(task: Task, paused: Paused = frozenset()) -> str:
    """The engine's status of a task's container."""
    status = _STATUS.get(task.state, "created")
    return "paused" if status == "running" and task.container_id in paused else status


_STATUS = {
    TaskState.STARTING: "running",
    TaskState.RUNNING: "running",
    TaskState.COMPLETE: "exited",
    TaskState.SHUTDOWN: "exited",
    TaskState.FAILED: "exited",
    TaskState.REJECTED: "dead",
    TaskState.ORPHANED: "dead",
}


def status_test(paused: Paused) -> Mapping[str, Test[Task]]:
    """The test of `--status` and `--filter status=`."""
    return {"status": lambda task, value: value.lower() == status_of(task, paused)}


def lists(task: Task, *, ended: bool) -> bool:
    """Whether compose would list the task: only running ones, unless `ended` (`-a`) is given."""
    return ended or (bool(task.container_id) and status_of(task) == "running")


def by_name(cluster: Cluster, tasks: Iterable[Task], *, resolve: bool = True) -> list[Task]:
    """The tasks in the table's order: slots by name, the newest task of a slot first."""
    newest = sorted(tasks, key=lambda task: -task.created_at)
    return sorted(newest, key=lambda task: natural(slot_name(cluster, task, resolve=resolve)))


def service_names(cluster: Cluster, stack: str, tasks: Iterable[Task]) -> list[str]:
    """The services of these tasks by their names in the compose file."""
    return sorted({_service(cluster, stack, task) for task in tasks} - {""}, key=natural)


def container_lines(
    cluster: Cluster, stack: str, tasks: Sequence[Task], now: float, paused: Paused, *, trunc: bool = True
) -> list[str]:
    """A JSON line per container: compose's fields, and those fields of the task list that compose does not have."""
    ordered = by_name(cluster, tasks)
    about = {
        str(row["ID"]): {key: row[key] for key in ("Node", "DesiredState", "CurrentState", "Error")}
        for row in task_rows(cluster, ordered, now, table=False, trunc=False)
    }
    return [
        json_text(
            {**about[task.id], "TaskID": task.id, **container_row(cluster, stack, task, now, paused, trunc=trunc)}
        )
        for task in ordered
    ]


_HEADINGS = {
    "RunningFor": "CREATED",
    "CreatedAt": "CREATED AT",
    "ExitCode": "EXIT CODE",
    "LocalVolumes": "LOCAL VOLUMES",
}
_OF_COMPOSE = (
    *("Names", "Command", "Project", "Service", "Slot", "CreatedAt", "RunningFor", "State", "Status", "Health"),
    *("ExitCode", "Publishers", "Networks", "Mounts", "LocalVolumes", "Labels", "Size", "Engine"),
)

FULL_SHAPE = replace(
    SHAPE, headings={**SHAPE.headings, **{name: _HEADINGS.get(name, name.upper()) for name in _OF_COMPOSE}}
)
"""For templates: the fields of the task list, and compose's other fields."""


def full_rows(
    cluster: Cluster,
    stack: str,
    tasks: Iterable[Task],
    now: float,
    paused: Paused,
    *,
    table: bool,
    trunc: bool,
    resolve: bool,
) -> list[Row]:
    """Rows of `FULL_SHAPE`. The fields in both, `ID`, `Name` and `Ports`, are the task's."""
    ordered = by_name(cluster, tasks, resolve=resolve)
    rows = task_rows(cluster, ordered, now, table=table, trunc=trunc, resolve=resolve)
    return [
        {**container_row(cluster, stack, task, now, paused, trunc=trunc), **row}
        for task, row in zip(ordered, rows, strict=True)
    ]


def container_row(
    cluster: Cluster, stack: str, task: Task, now: float, paused: Paused = frozenset(), *, trunc: bool = True
) -> Row:
    """One container. `Name` is docker's name for it, `ID` the container's id and not the task's."""
    spec = task.template.container or ContainerSpec("")
    service = cluster.services.get(task.service_id)
    running = status_of(task) == "running"
    name = (spec.container_name if running else "") or cluster.task_name(task)
    ports = reached(service, [task]) if running else []
    volumes = [one.source or one.target for one in spec.mounts if one.type == "volume"]
    return {
        "ID": task.container_id[:SHORT_ID] if trunc else task.container_id,
        "Name": name,
        "Names": name,
        "Image": image_name(spec.image, trunc=trunc),
        "Command": _command(spec, trunc=trunc),
        "Project": stack,
        "Service": _service(cluster, stack, task),
        "Slot": task.slot,
        "CreatedAt": f"{datetime.fromtimestamp(task.created_on, UTC):%Y-%m-%d %H:%M:%S +0000 UTC}",
        "RunningFor": f"{human(now - task.created_on)} ago",
        "State": status_of(task, paused),
        "Status": _status(task, now, paused),
        "Health": _health(task),
        "ExitCode": task.exit_code or 0,
        "Ports": shown(ports),
        "Publishers": [publisher(one) for one in ports],
        "Networks": ",".join(task.template.networks),
        "Mounts": ",".join(one.source or one.target for one in spec.mounts),
        "LocalVolumes": str(len(volumes)),
        "Labels": ",".join(f"{key}={value}" for key, value in spec.labels.items()),
        "Size": "0B",
        "Engine": "",
    }


def _service(cluster: Cluster, stack: str, task: Task) -> str:
    service = cluster.services.get(task.service_id)
    return service.spec.name.removeprefix(f"{stack}_") if service else ""


def _command(spec: ContainerSpec, *, trunc: bool) -> str:
    """The command in quotes as in docker, also around arguments with a blank; empty for the image's own command."""
    words = (*(spec.command or ()), *(spec.args or ()))
    text = " ".join((*words[:1], *(f"'{word}'" if " " in word else word for word in words[1:])))
    return quoted(_cut(text) if trunc else text) if text else ""


def _cut(text: str) -> str:
    """Truncate by width on a screen, where some characters are two columns wide."""
    widths = list(accumulate(2 if east_asian_width(letter) in "WF" else 1 for letter in text))
    if not widths or widths[-1] <= LONGEST_COMMAND:
        return text
    return f"{text[: sum(width < LONGEST_COMMAND for width in widths)]}…"


def _health(task: Task) -> str:
    if not task.template.has_healthcheck or status_of(task) != "running":
        return ""
    return "healthy" if task.state == TaskState.RUNNING else "starting"


_OF_HEALTH = {"": "", "healthy": " (healthy)", "starting": " (health: starting)"}


def _status(task: Task, now: float, paused: Paused) -> str:
    status, since = status_of(task, paused), human(now - task.since)
    if status == "paused":
        return f"Up {since} (Paused)"
    if status == "running":
        health = _health(task)
        return f"Up {since}{_OF_HEALTH[health]}"
    return f"Exited ({task.exit_code or 0}) {since} ago" if status == "exited" else status.title()
