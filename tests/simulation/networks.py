"""A simulation seed with a network: users disconnect tasks from it, remove it, and change its definition.

The other faults are those of `simulation.py`. In the end every task is connected, the network is as desired, and a
disconnected task is reconnected within a second.
"""

import contextlib
import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from stackferry.emulator.agent import network_swap
from stackferry.emulator.agent.provision import Provision
from stackferry.emulator.agent.secret_files import SecretFiles
from stackferry.emulator.agent.survey import legs
from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.container import NetworkAttachmentSpec
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.change import force
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.engine.protocol import ContainerInfo, EngineError
from stackferry.emulator.engine.resources import Pool
from stackferry.emulator.manager.network_watch import NetworkWatch
from stackferry.emulator.webnet.network_changes import differences
from tests.simulation.simulation import _HAPPENINGS, STACK, Simulation

NETWORK = f"{STACK}_net"


class Networks(Simulation):
    """One seed."""

    def __init__(self, seed: int) -> None:
        self.spec = NetworkSpec("net", NETWORK, labels=labels.of_stack(STACK))
        self.subnets = itertools.cycle(("", "10.91.0.0/24", "10.92.0.0/24"))
        self.networks_flow: Any = None
        super().__init__(seed)
        self.store.documents["stack"] = StackRecord(STACK, (self.spec,))
        self.networks_flow = self.engine.network_events(None)

    def _spec(self, replicas: int) -> ServiceSpec:
        spec = super()._spec(replicas)
        assert spec.task.container is not None
        container = replace(spec.task.container, network_mode="", networks=(NetworkAttachmentSpec(NETWORK),))
        return replace(spec, task=replace(spec.task, container=container, networks=(NETWORK,)))

    def _provision(self) -> Any:
        self.provision = Provision(self.engine, self.store, SecretFiles(Path("/dev/null/none")), STACK)  # type: ignore[arg-type]
        self.provision.image = lambda _: None  # type: ignore[method-assign]
        self.provision.files = lambda *_: {}  # type: ignore[method-assign]
        self.provision.forget = lambda _: None  # type: ignore[method-assign]
        self.provision.connected = self._connected
        return self.provision

    def _connected(self, info: ContainerInfo) -> None:
        task = self.store.cluster.tasks.get(info.labels.get(labels.TASK_ID, ""))
        if task is not None:
            # Not in the middle of a pass.
            self.clock.at(self.clock.now, lambda: self.tell(legs(task, info)))

    def start_manager(self) -> None:
        super().start_manager()
        self.networks_flow = self.engine.network_events(self.clock.now)

    def survey(self) -> None:
        self.provision.unknow()
        super().survey()

    def hear(self) -> None:
        super().hear()
        watch = NetworkWatch(
            self.engine, lambda: self.store.cluster, lambda _: False, self.tell, lambda _: None, self.provision.lost
        )
        try:
            events = self.networks_flow.take()
        except EngineError:
            # It was restarted; the survey after that finds what was missed.
            self.networks_flow = self.engine.network_events(self.clock.now)
            return
        for event in events:
            if self.loop is not None:
                watch.take(event)

    # What happens.

    def misfortunes(self, count: int) -> None:
        happenings = {**_HAPPENINGS, **_OF_NETWORKS}
        for _ in range(count):
            name = self.chance.choice(sorted([*happenings, *_OF_NETWORKS]))
            self.script.append(f"{self.clock.now:.2f} {name}")
            happenings[name](self)
            self.run(self.chance.choice((0.25, 0.5, 1.0, 4.0)))

    def deploy(self, spec: NetworkSpec) -> None:
        """What `up` does, once it has looked at the network."""
        self.spec = spec
        info = self.engine.inspect_network(NETWORK)
        changed = info is not None and differences(spec, info)
        outdated = (info.id,) if info is not None and changed else ()
        self.store.documents["stack"] = StackRecord(STACK, (spec,), outdated=outdated)
        if changed:
            self.store.change(lambda cluster: force(cluster, self.service.id, self.machine.wall()))

    def play(self) -> None:
        """The whole seed. Containers are connected one after the other, so that a seed is the same each time."""
        with patch.object(network_swap, "WORKERS", 1), patch.object(network_swap.time, "sleep", lambda _: None):
            super().play()

    def calm(self) -> None:
        super().calm()
        # A network that could not be made as wanted is the old one: the next `up` sees that.
        self.deploy(self.spec)
        self.run(300.0)

    def check_converged(self) -> None:
        super().check_converged()
        running = [info for info in self.engine.containers({labels.STACK: STACK}) if info.running]
        assert all(NETWORK in info.addresses for info in running), f"cut off: {[*map(str, running)]}"
        found = self.engine.inspect_network(NETWORK)
        if found is None or self._is_paused():
            assert not running or self._is_paused()
            return
        assert [*map(str, differences(self.spec, found))] == [] or not running
        self._check_legs_come_back()

    def _is_paused(self) -> bool:
        update = self.service.update
        return update is not None and "PAUSED" in update.state.name

    def _check_legs_come_back(self) -> None:
        before = {task.id: task for task in self.store.cluster.tasks.values() if task.state == TaskState.RUNNING}
        if not before:
            return
        victim = before[self.chance.choice(sorted(before))]
        self.script.append(f"{self.clock.now:.2f} {victim.id} is taken out")
        self.engine.disconnect(NETWORK, victim.container_id)
        self.run(0.25)
        self.run(1.25)
        now = self.store.cluster.tasks[victim.id]
        assert (now.state, dict(now.cut)) == (TaskState.RUNNING, {}), f"{victim.id} is still out: {now}"
        assert now.addresses == victim.addresses


def _take_out(it: Networks) -> None:
    running = [info for info in it.engine.containers({labels.STACK: STACK}) if info.running]
    if running:
        with contextlib.suppress(Exception):
            it.engine.disconnect(NETWORK, it.chance.choice(running).id)


def _remove_network(it: Networks) -> None:
    """`docker network rm` needs everybody out of it."""
    for info in it.engine.containers({labels.STACK: STACK}):
        with contextlib.suppress(Exception):
            it.engine.disconnect(NETWORK, info.id)
    with contextlib.suppress(Exception):
        it.engine.remove_network(NETWORK)


def _change(it: Networks) -> None:
    subnet = next(it.subnets)
    it.deploy(replace(it.spec, internal=not it.spec.internal, pools=(Pool(subnet),) if subnet else ()))


_OF_NETWORKS: dict[str, Callable[[Any], None]] = {
    "take out of the network": _take_out,
    "remove the network": _remove_network,
    "change the network": _change,
}
