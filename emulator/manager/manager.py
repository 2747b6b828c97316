"""The manager: one process per stack that keeps it in its desired state. In the foreground with `up`, else on its own.

It may die at any instant: tasks go on, commands still write the desired state, and the next manager begins
with a survey of the engine. It ends by itself when its stack is gone.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from random import Random

from stackferry.emulator.agent.executor import Executor
from stackferry.emulator.agent.provision import Provision
from stackferry.emulator.agent.secret_files import SecretFiles, runtime_root
from stackferry.emulator.agent.survey import legs
from stackferry.emulator.cluster.labels import TASK_ID
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineError
from stackferry.emulator.manager.deathwatch import Deathwatch
from stackferry.emulator.manager.engine_lock import EngineLock, claimed
from stackferry.emulator.manager.farewell import leave_nothing
from stackferry.emulator.manager.local_zone import local_zone
from stackferry.emulator.manager.lock import ManagerLock, manager_pid
from stackferry.emulator.manager.loop import Loop, Stop, Surveyed, Wake
from stackferry.emulator.manager.network_watch import NetworkWatch
from stackferry.emulator.manager.wake import hang_up, listen
from stackferry.emulator.manager.watch import Watch
from stackferry.emulator.store.clock import keep_clock
from stackferry.emulator.store.directories import Home, discard, gate_memo
from stackferry.emulator.store.store import Store, StoreGoneError
from stackferry.emulator.webnet.controller import GateController
from stackferry.grammar.diagnostics import StackferryError

log = logging.getLogger("stackferry.manager")


PassOver = Callable[[Cluster], None]
"""Called after each pass of the loop, in the manager's thread."""


class ManagerRunsError(StackferryError):
    """Another process is the stack's manager."""


class Manager:
    """The manager of one stack in this process."""

    def __init__(
        self,
        home: Home,
        stack: str,
        engine: Engine,
        environment: Mapping[str, str],
        pass_over: PassOver = lambda _: None,
    ) -> None:
        self.home, self.stack, self.engine = home, stack, engine
        self.lock = ManagerLock(home)
        if not self.lock.acquire():
            raise ManagerRunsError(
                f"a manager of {stack} is already running (process {manager_pid(home)})",
                "there is nothing to do: it carries out all commands",
            )
        if not home.database.exists():
            # `down` was faster: a manager of nothing would only leave files behind.
            discard(home)
            self.lock.release()
            raise StoreGoneError(
                f"nothing found in stack: {stack}", "start the stack of a compose file with `stackferry up`"
            )
        self.claim = EngineLock(engine, stack, home)
        self.refusal: StackferryError | None = None
        try:
            # An engine that does not answer yet is asked when it does: `_surveyed`.
            claimed(self.claim)
        except StackferryError:
            self.lock.release()
            raise
        store = Store(home.database, make=False)
        materials = SecretFiles(runtime_root(environment) / stack)
        self.provision = Provision(engine, Store(home.database, make=False), materials, stack)
        self.gates = GateController(
            engine,
            stack,
            self.provision.record,
            lambda: self.loop.post(Wake()),
            environment,
            gate_memo(environment),
            self.provision.have_network,
        )
        self.provision.replacing = self.gates.replacing
        self.provision.connected = self._connected
        self.deathwatch = Deathwatch(self.gates.lost)
        gates = self.gates
        executor = Executor(
            engine,
            self.provision,
            gates.drained,
            gates.leg,
            gates.outlook,
            gates.leg_now,
            self._task_started,
            gates.signalled,
        )
        self.pass_over = pass_over
        self.clock = keep_clock(store, store.load())
        self.loop = Loop(
            store,
            executor,
            self.clock,
            Random(),  # noqa: S311 - ids, not secrets
            self._pass_over,
            settle=self.gates.settle,
            wall=time.time,
            zone=local_zone(environment),
        )
        self.watch = Watch(engine, stack, self.loop.post, self._surveyed, self.clock, self.gates.returns.restarted)
        self.network_watch = NetworkWatch(
            engine,
            lambda: self.loop.cluster,
            self.gates.is_held,
            self.loop.post,
            self.gates.leg_taken,
            self.provision.lost,
        )
        self._door = listen(home)

    def run(self, until: Callable[[Cluster], bool] = lambda _: False) -> None:
        """Work until told to stop, until the stack is gone, or until `until` holds for the cluster."""
        threading.Thread(target=self._hear, name="wakes", daemon=True).start()
        self.network_watch.start()
        self.watch.start()
        try:
            self.loop.run(lambda cluster: until(cluster) or (cluster.gone and self.loop.idle))
            if self.refusal is not None:
                raise self.refusal
            if self.loop.cluster.gone:
                self.gates.clear()
                self.provision.clear()
                leave_nothing(self.home, self.loop.store)
            self.lock.resign()
        finally:
            self.close()

    def stop(self) -> None:
        """End the manager; containers keep running."""
        self.loop.post(Stop())

    def close(self) -> None:
        """Release everything."""
        self.gates.close()
        self.watch.stop()
        self.network_watch.stop()
        self.deathwatch.close()
        hang_up(self._door)
        self.claim.release()
        self.lock.release()

    def _task_started(self, task_id: str, container: ContainerInfo) -> None:
        self.deathwatch.follow(task_id, container)
        self.gates.returns.started(task_id, container)

    def _pass_over(self, cluster: Cluster) -> None:
        self.gates.offer(cluster)
        self.pass_over(cluster)

    def _hear(self) -> None:
        while True:
            try:
                self._door.recv(1)
            except OSError:
                return
            self.loop.post(Wake())

    def _surveyed(self, containers: list[ContainerInfo], begun: float) -> None:
        try:
            claimed(self.claim)
        except StackferryError as error:
            self.refusal = error
            self.stop()
            return
        self.provision.unknow()
        tasks = self.gates.tasks_only(containers)
        self.loop.post(Surveyed(tuple(tasks), begun))
        threading.Thread(target=self._follow, args=(tasks,), name="follow", daemon=True).start()

    def _connected(self, info: ContainerInfo) -> None:
        task = self.loop.cluster.tasks.get(info.labels.get(TASK_ID, ""))
        if task is not None:
            self.gates.returns.connected(task.id)
            self.loop.post(legs(task, info))

    def _follow(self, tasks: Iterable[ContainerInfo]) -> None:
        """Follow processes that an earlier manager started. A list of containers lacks their process ids."""
        for info in self.deathwatch.strangers(tasks):
            with suppress(EngineError):
                found = self.engine.inspect(info.id)
                if found is not None:
                    self.deathwatch.follow(info.labels.get(TASK_ID, ""), found)


def run_here(home: Home, stack: str, engine: Engine, environment: Mapping[str, str]) -> None:
    """Run the manager in the background: it is this whole process, until a signal."""
    manager = Manager(home, stack, engine, environment)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: manager.stop())
    log.info("manager of %s, process %d", stack, os.getpid())
    manager.run()
    log.info("manager of %s stops", stack)
