"""Rows of `stats`, as `docker stats` shows them."""

from collections.abc import Mapping, Sequence

from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.engine.usage import Usage
from stackferry.render.format import Row, Shape
from stackferry.render.pretty import binary, decimal
from stackferry.render.task_rows import SHORT_ID, slot_name

SHAPE = Shape(
    {
        "Container": "CONTAINER",
        "ID": "CONTAINER ID",
        "Name": "NAME",
        "CPUPerc": "CPU %",
        "MemUsage": "MEM USAGE / LIMIT",
        "MemPerc": "MEM %",
        "NetIO": "NET I/O",
        "BlockIO": "BLOCK I/O",
        "PIDs": "PIDS",
    },
    ("ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs"),
)


def usage_rows(
    cluster: Cluster,
    tasks: Sequence[Task],
    before: Mapping[str, Usage],
    after: Mapping[str, Usage],
    *,
    trunc: bool = True,
) -> list[Row]:
    """One row for each task in both samples. The name is the slot's, or the container's full name."""
    rows: list[Row] = []
    for task in tasks:
        first, last = before.get(task.id), after.get(task.id)
        if last is None:
            continue
        elapsed = last.at - first.at if first else 0.0
        share = 100 * (last.cpu - first.cpu) / elapsed if first and elapsed > 0 else 0.0
        memory = 100 * last.memory / last.memory_limit if last.memory_limit else 0.0
        rows.append(
            {
                "Container": task.container_id,
                "ID": task.container_id[:SHORT_ID] if trunc else task.container_id,
                "Name": slot_name(cluster, task) if trunc else cluster.task_name(task),
                "CPUPerc": f"{share:.2f}%",
                "MemUsage": f"{binary(last.memory)} / {binary(last.memory_limit)}",
                "MemPerc": f"{memory:.2f}%",
                "NetIO": f"{decimal(last.received)} / {decimal(last.sent)}",
                "BlockIO": f"{decimal(last.read)} / {decimal(last.written)}",
                "PIDs": str(last.pids),
            }
        )
    return rows
