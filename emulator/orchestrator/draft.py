"""The working state of one pass: a cluster that may be written to, and the inputs of the pass.

`reconcile.py` opens a draft from a frozen `Cluster`, hands it to each part in turn, and closes it to a new
`Cluster`; nothing outside a pass sees a draft. It keeps indexes (tasks by service and by slot), so that the cost of
a pass is proportional to the number of tasks, and the earliest time at which something is due.
"""

from collections.abc import Iterable, Mapping
from random import Random

from stackferry.emulator.cluster.ids import new_id
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.cluster.state import TaskState

Slot = int | str
"""The number of a slot; for global services the node's id."""


class Draft:
    """A cluster under change. `now` in seconds, `chance` for ids; the caller passes both."""

    def __init__(self, cluster: Cluster, now: float, chance: Random) -> None:
        self.now = now
        self.chance = chance
        self.nodes: Mapping[str, Node] = cluster.nodes
        self.services = dict(cluster.services)
        self.tasks = dict(cluster.tasks)
        self.history = dict(cluster.history)
        self.wake_at: float | None = None
        self._of: dict[str, dict[str, None]] = {service_id: {} for service_id in self.services}
        for task in self.tasks.values():
            self._of.setdefault(task.service_id, {})[task.id] = None

    def close(self) -> Cluster:
        """The cluster that this pass has produced."""
        return Cluster(self.nodes, self.services, self.tasks, self.history)

    def wake(self, at: float) -> None:
        """Something is due at `at`: the loop makes another pass then."""
        if self.wake_at is None or at < self.wake_at:
            self.wake_at = at

    def of(self, service_id: str) -> list[Task]:
        """The tasks of a service, oldest first."""
        return [self.tasks[task_id] for task_id in self._of.get(service_id, ())]

    def slots(self, service: Service) -> dict[Slot, list[Task]]:
        """The tasks of a service by slot, in the order of their creation."""
        found: dict[Slot, list[Task]] = {}
        for task in self.of(service.id):
            found.setdefault(slot_of(service, task), []).append(task)
        return found

    def put(self, task: Task) -> Task:
        """Add a task, or replace it by its new version."""
        self.tasks[task.id] = task
        self._of.setdefault(task.service_id, {})[task.id] = None
        return task

    def tell(self, tasks: Iterable[Task], desired: TaskState) -> None:
        """Set the desired state of tasks; it never goes back."""
        for task in tasks:
            self.put(self.tasks[task.id].told(desired))

    def drop(self, task: Task) -> None:
        """Forget a task."""
        del self.tasks[task.id]
        del self._of[task.service_id][task.id]

    def create(self, service: Service, slot: Slot, desired: TaskState) -> Task:
        """Create a task of the service's current spec in a slot. A task of a global service gets its node at once."""
        task = Task(
            id=new_id(self.chance),
            service_id=service.id,
            slot=0 if isinstance(slot, str) else slot,
            template=service.spec.task,
            version=service.version,
            node_id=slot if isinstance(slot, str) else "",
            desired=desired,
            state=TaskState.NEW,
            created_at=self.now,
            at=self.now,
            iteration=service.iteration,
            endpoint=service.spec.endpoint,
        )
        return self.put(task)


def slot_of(service: Service, task: Task) -> Slot:
    """What identifies the slot of a task."""
    return task.node_id if service.spec.mode.is_global else task.slot
