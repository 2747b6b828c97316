"""Which tasks are in rotation, that is, get new connections. Input of the load-balanced network.

A task is in from its start, or from when it is first healthy, until its stop signal: that is, while it is RUNNING,
nobody wants it to end, and it is connected to each of its networks. Its address is the one in the network asked for.
"""

from typing import NamedTuple

from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.state import TaskState


class Endpoint(NamedTuple):
    """One task in rotation; `address6` is empty in a network without IPv6."""

    task_id: str
    address: str
    address6: str = ""

    def __str__(self) -> str:
        return f"{self.address} {self.task_id}"


def in_rotation(task: Task) -> bool:
    """Whether new connections may go to a task."""
    return task.state == TaskState.RUNNING and task.desired <= TaskState.RUNNING and not (task.failing or task.cut)


def endpoints(cluster: Cluster, service_id: str, network: str) -> tuple[Endpoint, ...]:
    """The tasks of a service in rotation on a network (by its engine name), lowest slot first."""
    tasks = sorted(
        (task for task in cluster.tasks_of(service_id) if in_rotation(task)),
        key=lambda task: (task.slot, task.created_at, task.id),
    )
    return tuple(
        Endpoint(task.id, task.addresses[network], task.addresses6.get(network, ""))
        for task in tasks
        if network in task.addresses
    )
