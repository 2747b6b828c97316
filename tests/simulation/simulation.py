"""One simulation seed: the real loop and executor on the fake engine, virtual time, and all kinds of faults.

Commands and faults are random: engine calls fail, or succeed but are reported as failed; events are lost, late or
repeated; the manager is killed between any two steps, with its calls still in flight; the engine restarts; a node is
lost; the machine's clock is set, the machine sleeps or boots. Then the faults stop: everything must reach the desired
state, killed tasks must be replaced in time whatever the clock says, and nothing may be left after the service ends.
No duration may ever be cut short (`promises.py`).
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

from stackferry.emulator.agent.executor import Executor
from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.container import ContainerSpec, PreStartSpec
from stackferry.emulator.cluster.event import Event, from_store, stored
from stackferry.emulator.cluster.objects import Cluster, Node, Service
from stackferry.emulator.cluster.operation import Operation
from stackferry.emulator.cluster.spec import RestartPolicy, ServiceSpec, TaskTemplate, UpdateConfig
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.change import create_service, force, remove_service, rollback_service, update_service
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.control.nodes import with_nodes
from stackferry.emulator.fake.behaviour import Behaviour
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.fake.faults import RandomFaults
from stackferry.emulator.manager.loop import Done, Loop, Message, Surveyed, Wake
from stackferry.emulator.manager.watch import observations
from stackferry.emulator.store.clock import keep_clock
from tests.simulation.machine import DAY, HOUR, VirtualMachine
from tests.simulation.promises import Promises

IMAGE = "app:latest"
INIT = "init:latest"
STACK = "sim"
SURVEY = 60.0
STEP = 0.25
HEALED = 8.0
"""Seconds from the end of a task until the one that takes its place runs, with a restart delay of one."""


class MemoryStore:
    """What `store.Store` does, in memory: a transaction that is not finished leaves nothing."""

    def __init__(self) -> None:
        self.cluster = Cluster()
        self.version = 0
        self.seen: dict[int, int] = {}
        self.reader = 0
        self.documents: dict[str, Any] = {"stack": StackRecord(STACK)}

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        yield

    def written_by_others(self) -> bool:
        before, self.seen[self.reader] = self.seen.get(self.reader, -1), self.version
        return before != self.version

    def load(self) -> Cluster:
        return self.cluster

    def services(self) -> dict[str, Service]:
        return dict(self.cluster.services)

    def nodes(self) -> dict[str, Node]:
        return dict(self.cluster.nodes)

    def save(self, before: Cluster, after: Cluster) -> None:
        self.cluster = after

    def add_events(self, at: float, events: Iterable[Event]) -> None:
        """Nobody reads them here; but what is kept of each has to be all of it."""
        for event in events:
            assert from_store(stored(event)) == event

    def document(self, name: str, kind: type[Any]) -> Any:
        return self.documents.get(name)

    def put_document(self, name: str, value: object) -> None:
        self.documents[name] = value

    def change(self, change: Callable[[Cluster], Cluster]) -> None:
        self.cluster = change(self.cluster)
        self.version += 1


class NoProvision:
    """Everything is there already."""

    stack = STACK

    def everything(self, cluster: Cluster, task: object, container: ContainerSpec) -> dict[str, str]:
        return {}

    def forget(self, task_id: str) -> None: ...

    def networks(self, container: ContainerSpec) -> None: ...

    def lost_image(self, container: ContainerSpec) -> bool:
        return False


class SimulatedLoop(Loop):
    """The loop without threads: operations are carried out when the clock says so, and told later."""

    simulation: "Simulation"

    def turn(self, messages: Iterable[Message]) -> None:
        super().turn(messages)
        self.simulation.promises.passed(self.cluster, self.clock(), self.simulation.clock.now)

    def _begin(self, operation: Operation) -> None:
        self.busy.add(operation.task_id)
        self.simulation.schedule(self, operation, self.cluster)


class Simulation:
    """One seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = Random(seed)
        self.script: list[str] = [f"# seed {seed}"]
        self.clock = VirtualClock(now=1000.0)
        self.machine = VirtualMachine(self.clock)
        self.promises = Promises()
        rates = {"fail": 0.04, "fail-after": 0.04, "lose": 0.05, "late": 0.05, "twice": 0.05, "swap": 0.05}
        self.faults = RandomFaults(Random(seed + 1), rates, longest=5.0)
        behaviours = {"": Behaviour(term=0.0), "crashing": Behaviour(lives=3.0, exit=1), INIT: Behaviour(lives=0.3)}
        self.engine = FakeEngine(self.clock, behaviours, self.faults, images=[IMAGE, INIT])
        self.store = self._store()
        self.loop: SimulatedLoop | None = None
        self.flow = self.engine.events(None, {labels.STACK: STACK})
        self.surveyed_at = 0.0
        self.nodes_lost = False
        self.updates = UpdateConfig(
            parallelism=self.chance.choice((0, 1, 2)),
            monitor=1.0,
            failure_action=self.chance.choice(("pause", "continue", "rollback")),
            order=self.chance.choice(("stop-first", "start-first")),
        )
        # By another chance, so that what earlier seeds found stays where it was.
        kinds = Random(seed + 2).choice(((), (), (False,), (True,), (False, True, False)))
        init = ContainerSpec(INIT, network_mode="none")
        self.pre_start = tuple(PreStartSpec(init, per_replica) for per_replica in kinds)
        self.version = 1
        self.store.change(self._create)
        self.start_manager()

    def _provision(self) -> Any:
        return NoProvision()

    def _store(self) -> MemoryStore:
        return MemoryStore()

    # What is wanted.

    def _spec(self, replicas: int) -> ServiceSpec:
        container = ContainerSpec(
            IMAGE, env=(f"VERSION={self.version}",), network_mode="none", pre_start=self.pre_start
        )
        task = TaskTemplate(container=container, restart=RestartPolicy(delay=1.0), stop_grace=2.0)
        return ServiceSpec(f"{STACK}_web", replicas=replicas, task=task, update=self.updates, rollback=self.updates)

    def _create(self, cluster: Cluster) -> Cluster:
        nodes = {one: _made(one) for one in ("n1", "n2")}
        cluster = replace(cluster, nodes=nodes)
        return create_service(cluster, self._spec(self.chance.randint(1, 4)), self.machine.wall(), self.chance)

    @property
    def service(self) -> Service:
        (service,) = self.store.cluster.services.values()
        return service

    # The manager.

    def start_manager(self) -> None:
        self.store.reader += 1
        loop = SimulatedLoop(
            self.store,  # type: ignore[arg-type]
            Executor(self.engine, self._provision(), lambda _: None),
            keep_clock(self.store, self.store.cluster, self.machine.machine),  # type: ignore[arg-type]
            Random(self.chance.random()),
            wall=self.machine.wall,
        )
        loop.simulation = self
        loop.store.written_by_others()
        self.loop = loop
        self.flow = self.engine.events(self.clock.now, {labels.STACK: STACK})
        self.survey()

    def kill_manager(self) -> None:
        self.loop = None

    def survey(self) -> None:
        self.surveyed_at = self.clock.now
        containers = self.engine.containers({labels.STACK: STACK})
        if self.loop is not None:
            # Virtual time stands still meanwhile: what a task did at this very moment is in the picture.
            self.tell(Surveyed(tuple(containers), self.loop.clock() + 1e-6))

    def tell(self, *messages: Message) -> None:
        if self.loop is not None:
            self.loop.turn(messages)

    def schedule(self, loop: SimulatedLoop, operation: Operation, cluster: Cluster) -> None:
        """The call takes effect at some time, and is told at a later one, if its manager lives."""

        def act() -> None:
            try:
                seen = loop.execute(operation, cluster)
            except Exception as error:  # noqa: BLE001 - as the loop does
                seen = () if operation.verb.value in ("shutdown", "remove") else loop._give_up(operation, error)
            self.clock.at(self.clock.now + self.chance.uniform(0.0, 0.5), lambda: self._told(loop, operation, seen))

        self.clock.at(self.clock.now + self.chance.uniform(0.0, 0.5), act)

    def _told(self, loop: SimulatedLoop, operation: Operation, seen: Any) -> None:
        if loop is self.loop:
            loop.turn([Done(operation, seen)])

    # Time.

    def run(self, seconds: float) -> None:
        end = self.clock.now + seconds
        while self.clock.now < end:
            self.clock.advance(STEP)
            self.hear()
            if self.loop is None:
                continue
            if self.clock.now > self.surveyed_at + SURVEY:
                self.survey()
            due = self.loop.wake_at is not None and self.loop.wake_at <= self.loop.clock()
            if due or self.store.version != self.store.seen.get(self.store.reader):
                self.tell(Wake())

    def hear(self) -> None:
        """What the engine has told by now."""
        for event in self.flow.take():
            for seen in observations(event):
                self.tell(seen)

    # What happens.

    def misfortunes(self, count: int) -> None:
        for _ in range(count):
            name = self.chance.choice(sorted(_HAPPENINGS))
            self.script.append(f"{self.clock.now:.2f} {name}")
            _HAPPENINGS[name](self)
            self.run(self.chance.choice((0.25, 0.5, 1.0, 4.0)))

    def calm(self) -> None:
        self.faults.active = False
        if self.loop is None:
            self.start_manager()
        nodes = {
            key: replace(one, ready=True, availability="active", leaving=False)
            for key, one in self.store.cluster.nodes.items()
        }
        self.store.change(lambda cluster: replace(cluster, nodes=nodes))
        self.script.append(f"{self.clock.now:.2f} calm")
        self.run(300.0)

    def play(self) -> None:
        """The whole seed; raises AssertionError with its script."""
        try:
            self.misfortunes(self.chance.randint(5, 25))
            self.calm()
            self.check_converged()
            self.check_heals()
            self.store.change(lambda cluster: remove_service(cluster, self.service.id))
            self.run(150.0)
            left = [str(info) for info in self.engine.containers({labels.STACK: STACK})]
            assert left == [], f"left over: {left}"
            assert (self.store.cluster.tasks, self.store.cluster.services) == ({}, {})
        except AssertionError as error:
            faults = "\n".join(f"#   {fault}" for fault in self.faults.told)
            raise AssertionError(f"{error}\n" + "\n".join(self.script) + f"\n# faults\n{faults}") from None

    def check_converged(self) -> None:
        cluster, service = self.store.cluster, self.service
        alive = [task for task in cluster.tasks.values() if task.state == TaskState.RUNNING and task.wanted]
        running = [info for info in self.engine.containers({labels.STACK: STACK}) if info.running]
        state = [
            f"{cluster.task_name(task)} {task.desired}/{task.state} {task.error}" for task in cluster.tasks.values()
        ]
        shown = "\n".join([*state, *map(str, running), str(service.update)])
        slots = {task.slot for task in alive}
        assert len(slots) == service.spec.replicas, f"{len(slots)} of {service.spec.replicas} slots run\n{shown}"
        assert {info.id for info in running} == {task.container_id for task in alive}, f"other containers run\n{shown}"
        if not (service.update and "PAUSED" in service.update.state.name and self.updates.order == "start-first"):
            # A paused start-first update leaves the old task beside a new one that failed and came back, as in a swarm.
            assert len(slots) == len(alive), f"two in a slot\n{shown}"

    def check_heals(self) -> None:
        """What is killed is back when its delay is over, though somebody sets the clock meanwhile."""
        before = {info.id for info in self.engine.containers({labels.STACK: STACK}) if info.running}
        if not before or len(before) > self.service.spec.replicas:
            # A slot with two tasks, which a paused update has left behind, is not given one more.
            return
        victim = self.chance.choice(sorted(before))
        self.engine.kill(victim)
        self.run(2 * STEP)
        by = self.chance.choice((-DAY, -HOUR, HOUR, DAY))
        self.machine.set_clock(by)
        self.script.append(f"{self.clock.now:.2f} {victim} is killed, the clock set by {by:.0f} s")
        self.run(HEALED)
        running = {info.id for info in self.engine.containers({labels.STACK: STACK}) if info.running}
        assert len(running) == len(before), f"{len(running)} of {len(before)} run {HEALED:.0f} s after one was killed"
        assert victim not in running


def _scale(it: Simulation) -> None:
    count = it.chance.randint(0, 5)
    it.store.change(
        lambda cluster: update_service(
            cluster, it.service.id, replace(it.service.spec, replicas=count), it.machine.wall()
        )
    )


def _version(it: Simulation) -> None:
    it.version += 1
    it.store.change(
        lambda cluster: update_service(cluster, it.service.id, it._spec(it.service.spec.replicas), it.machine.wall())
    )


def _force(it: Simulation) -> None:
    it.store.change(lambda cluster: force(cluster, it.service.id, it.machine.wall()))


def _rollback(it: Simulation) -> None:
    if it.service.previous is not None:
        it.store.change(lambda cluster: rollback_service(cluster, it.service.id, it.machine.wall()))


def _kill_container(it: Simulation) -> None:
    running = [info for info in it.engine.containers({labels.STACK: STACK}) if info.running]
    if running:
        with contextlib.suppress(Exception):
            it.engine.kill(it.chance.choice(running).id)


def _remove_container(it: Simulation) -> None:
    found = it.engine.containers({labels.STACK: STACK})
    if found:
        with contextlib.suppress(Exception):
            it.engine.remove(it.chance.choice(found).id)


def _kill_manager(it: Simulation) -> None:
    it.kill_manager()


def _start_manager(it: Simulation) -> None:
    if it.loop is None:
        it.start_manager()


def _restart_engine(it: Simulation) -> None:
    it.engine.crash()
    it.flow = it.engine.events(it.clock.now, {labels.STACK: STACK})
    it.survey()


def _back_and_forth(it: Simulation) -> None:
    """A clock that two disagree about."""
    for by in (-HOUR, HOUR, -HOUR, HOUR):
        it.machine.set_clock(by)
        it.run(0.5)


def _boot(it: Simulation) -> None:
    """Everything ends at once; the clock may be right afterwards, or wrong by much."""
    it.kill_manager()
    it.promises.forget()
    _restart_engine(it)
    it.machine.boot()
    it.machine.set_clock(it.chance.choice((30.0, -HOUR, -DAY, DAY)))


def _node(it: Simulation, **changes: Any) -> None:
    name = it.chance.choice(("n1", "n2"))
    node = it.store.cluster.nodes.get(name)
    if node is None or (node.leaving and "availability" in changes):
        return
    node = replace(node, **changes)
    it.store.change(lambda cluster: replace(cluster, nodes={**cluster.nodes, name: node}))


def _leave(it: Simulation) -> None:
    """A deployment asks for one node, n1."""
    first = it.store.cluster.nodes["n1"]
    it.store.change(lambda cluster: replace(cluster, nodes=with_nodes(cluster.nodes, {"n1": first}, asked=True)))


def _come_back(it: Simulation) -> None:
    wanted = {one: _made(one) for one in ("n1", "n2")}
    it.store.change(lambda cluster: replace(cluster, nodes=with_nodes(cluster.nodes, wanted, asked=True)))


def _made(name: str) -> Node:
    return Node(name, name, nano_cpus=10**10, memory=1 << 34)


_HAPPENINGS: dict[str, Callable[[Simulation], None]] = {
    "scale": _scale,
    "version": _version,
    "force": _force,
    "rollback": _rollback,
    "kill container": _kill_container,
    "remove container": _remove_container,
    "kill manager": _kill_manager,
    "start manager": _start_manager,
    "start manager again": _start_manager,
    "restart engine": _restart_engine,
    "drain": lambda it: _node(it, availability="drain"),
    "activate": lambda it: _node(it, availability="active"),
    "node down": lambda it: _node(it, ready=False),
    "node up": lambda it: _node(it, ready=True),
    "node leaves": _leave,
    "node comes back": _come_back,
    "the clock an hour back": lambda it: it.machine.set_clock(-HOUR),
    "the clock an hour forward": lambda it: it.machine.set_clock(HOUR),
    "the clock a day back": lambda it: it.machine.set_clock(-DAY),
    "the clock a day forward": lambda it: it.machine.set_clock(DAY),
    "the clock back and forth": _back_and_forth,
    "sleep": lambda it: it.machine.sleep(8 * HOUR),
    "boot": _boot,
    "nothing": lambda _: None,
}
