"""A manager's promises in a simulation, by true time: nothing with a duration ends early.

These are the restart delay of a task, and the time for which an update monitors its last tasks. An update may take a
waiting task, and a new version of the service may end an update. The length of a boot is unknown, so promises end with
it.
"""

from stackferry.emulator.cluster.objects import Cluster, Service
from stackferry.emulator.cluster.state import UpdateState

_COMPLETED = (UpdateState.COMPLETED, UpdateState.ROLLBACK_COMPLETED)
_CLOSE = 1e-6


class Promises:
    """`start`: when a task may run; `finish`: when an update, known by its service's version, may be over."""

    def __init__(self) -> None:
        self.start: dict[str, float] = {}
        self.finish: dict[str, tuple[int, float]] = {}

    def forget(self) -> None:
        self.start.clear()
        self.finish.clear()

    def passed(self, cluster: Cluster, clock: float, now: float) -> None:
        """A pass is over; `clock` is what the manager's says, `now` true time."""
        for task in cluster.tasks.values():
            if task.start_at is not None:
                self.start.setdefault(task.id, now + task.start_at - clock)
            elif (due := self.start.pop(task.id, None)) is not None and cluster.services[
                task.service_id
            ].rollout is None:
                assert now >= due - _CLOSE, f"{cluster.task_name(task)} may run {due - now:.2f} s too early"
        for service in cluster.services.values():
            self._watched(service, clock, now)

    def _watched(self, service: Service, clock: float, now: float) -> None:
        rollout, update = service.rollout, service.update
        if rollout is not None and rollout.finish_at is not None:
            if self.finish.get(service.id, (0, 0.0))[0] != service.version:
                self.finish[service.id] = service.version, now + rollout.finish_at - clock
            return
        version, due = self.finish.pop(service.id, (0, 0.0))
        if version == service.version and update is not None and update.state in _COMPLETED:
            assert now >= due - _CLOSE, f"an update is over {due - now:.2f} s too early"
