"""A simulation seed with a job every minute: no firing starts twice, and without faults none is lost.

The faults are those of `simulation.py`: failed calls, lost events, the manager killed between any two steps, the engine
restarted, nodes lost, the clock set, the machine asleep or booted.
"""

from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.container import ContainerSpec, PreStartSpec
from stackferry.emulator.cluster.objects import Cluster, Service
from stackferry.emulator.cluster.spec import (
    Mode,
    RestartCondition,
    RestartPolicy,
    ScheduleSpec,
    ServiceSpec,
    TaskTemplate,
)
from stackferry.emulator.control.change import remove_service
from stackferry.emulator.fake.behaviour import Behaviour
from tests.simulation.simulation import IMAGE, INIT, STACK, MemoryStore, Simulation

RUNS = 5.0
"""Seconds of a run."""


class WitnessStore(MemoryStore):
    """Sees which firings are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.fired: list[str] = []

    def save(self, before: Cluster, after: Cluster) -> None:
        for service in after.services.values():
            known = before.services.get(service.id)
            new = {run.firing.name for run in service.firings.runs}
            old = {run.firing.name for run in known.firings.runs} if known else set()
            self.fired += sorted(new - old)
        super().save(before, after)


class Schedules(Simulation):
    """One seed."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.engine.behaviours[IMAGE] = Behaviour(lives=RUNS)

    def _store(self) -> MemoryStore:
        return WitnessStore()

    def _spec(self, replicas: int) -> ServiceSpec:
        init = (PreStartSpec(ContainerSpec(INIT, network_mode="none")),) if self.seed % 3 == 0 else ()
        container = ContainerSpec(IMAGE, env=(f"VERSION={self.version}",), network_mode="none", pre_start=init)
        task = TaskTemplate(container=container, restart=RestartPolicy(RestartCondition.NONE), stop_grace=2.0)
        concurrency = ("forbid", "queue")[self.seed % 2]
        schedules = (ScheduleSpec("* * * * *", "UTC", concurrency),)
        return ServiceSpec(f"{STACK}_tick", Mode.REPLICATED_JOB, 1, 1, task, schedules=schedules)

    def play(self) -> None:
        try:
            self.misfortunes(self.chance.randint(5, 25))
            self.calm()
            self.check_fired()
            self.store.change(lambda cluster: remove_service(cluster, self.service.id))
            self.run(150.0)
            left = [str(info) for info in self.engine.containers({labels.STACK: STACK})]
            assert left == [], f"left over: {left}"
        except AssertionError as error:
            raise AssertionError(f"{error}\n" + "\n".join(self.script)) from None

    def check_fired(self) -> None:
        """`calm` is five minutes long; the first two may still have what was before in them."""
        store, service = self.store, self.service
        assert isinstance(store, WitnessStore)
        twice = sorted({name for name in store.fired if store.fired.count(name) > 1})
        assert twice == [], f"let go twice: {twice}"
        now = int(self.machine.wall())
        if any(one.moment > now for one in service.firings.considered):
            # The clock was set back: until it has come to where it was, nothing fires.
            return
        known = _moments(service)
        due = list(range(now - now % 60 - 180, now - 2, 60))
        assert len(due) >= 3
        assert [moment for moment in due if moment not in known] == [], f"lost: {sorted(known)[-6:]} at {now}"
        done = [run for run in service.past if run.moment in due[:-1]]
        assert {run.result for run in done} <= {"complete", "skipped"}, f"{done}"


def _moments(service: Service) -> set[int]:
    """All moments that something is known of."""
    past = {run.moment + 60 * more for run in service.past for more in range(run.count)}
    return past | {one.firing.moment for one in service.firings.runs} | {one.moment for one in service.firings.queue}
