"""The load-balanced network in the manager: brings gates to the desired state after each pass; executors wait here.

    loop -> settle (addresses, ports) … offer -> workers -> gates
    executor: ready (before a container is made), drained (before its stop signal)

If gates may not balance (no NET_ADMIN, no nf_tables), it says so once and uses plain gates. If no gates are
possible, tasks use the engine's own DNS.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from stackferry.emulator.cluster.labels import GATE, STACK
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.operation import Operation
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineError
from stackferry.emulator.webnet.allocation import allocate, asking
from stackferry.emulator.webnet.desired_gates import Webnet, outside_network, webnet
from stackferry.emulator.webnet.discovery import Discovery
from stackferry.emulator.webnet.drain import drain
from stackferry.emulator.webnet.follower import Follower
from stackferry.emulator.webnet.gate import Gate
from stackferry.emulator.webnet.gate_container import PLAIN, sysctls
from stackferry.emulator.webnet.gate_errors import GateErrorKind, error_kind, taken
from stackferry.emulator.webnet.gate_state import Binding, GateState
from stackferry.emulator.webnet.gate_worker import LEAVE, GateWorker
from stackferry.emulator.webnet.image import ensure_image
from stackferry.emulator.webnet.leftovers import Leftovers
from stackferry.emulator.webnet.leg import Leg
from stackferry.emulator.webnet.network import remove_network
from stackferry.emulator.webnet.network_care import NetworkCare
from stackferry.emulator.webnet.port_holders import in_use
from stackferry.emulator.webnet.ports import publish
from stackferry.emulator.webnet.readiness import Readiness
from stackferry.emulator.webnet.return_marks import ReturnMarks
from stackferry.grammar.diagnostics import StackferryError

log = logging.getLogger("stackferry.manager")

MOVES = 8
"""How often a gate moves to another address, because its own is taken, before its tasks are told."""

READY = 60.0
"""Seconds that a task waits for the gates of its networks."""


class GateController(NetworkCare):
    """For one stack. `record` returns what it was deployed with, `wake` asks the loop for another pass.

    `environment` may set STACKFERRY_WEBNET=off or plain, and time-outs (`gate_container.py`). `memo` is the file with
    the name of the gate's image (`image.py`). `remake` recreates a removed network of the stack.
    """

    def __init__(
        self,
        engine: Engine,
        stack: str,
        record: Callable[[], StackRecord],
        wake: Callable[[], None],
        environment: Mapping[str, str] | None = None,
        memo: Path | None = None,
        remake: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__(remake)
        self.engine, self.stack = engine, stack
        self.record = record
        self.memo = memo
        self._lost: frozenset[str] = frozenset()
        self._ends = False
        self._signalled: set[str] = set()
        self._wake = wake
        self._strict = False
        self.sysctls = sysctls(environment or {})
        asked = (environment or {}).get("STACKFERRY_WEBNET")
        self.discovery = Discovery(engine, stack, record, wake, plain=asked == "plain")
        self.state = Webnet()
        self.cluster = Cluster()
        # The user asked for it, so it is not reported as a failure.
        self.impossible: StackferryError | None = StackferryError("it is turned off") if asked == "off" else None
        self.returns = ReturnMarks(engine, stack, self._marked)
        self._leftovers = Leftovers(engine, self.returns.owns)
        self._places: dict[str, tuple[str, ...]] = {}
        self._image = ""
        self._trouble: StackferryError | None = None
        self._closing = threading.Event()
        self._follower = Follower(engine, self.discovery, self._workers, self._closing)

    # In the loop's thread.

    def settle(self, cluster: Cluster) -> Cluster:
        """The cluster with addresses and ports assigned."""
        try:
            settled = publish(allocate(cluster, self.discovery.facts), self.discovery.facts)
        except StackferryError as error:
            # Tasks that need an address will show it.
            self._trouble = error
            return cluster
        self._trouble = None
        return settled

    def offer(self, cluster: Cluster) -> None:
        """Take the desired state after a pass. Returns at once."""
        if self._closing.is_set() or self.impossible is not None:
            return
        if not self.discovery.facts.areas and not cluster.services:
            return
        self._strict = self.record().strict
        self._ends = cluster.ends and not self._strict
        if self._ends:
            self.returns.serve(Cluster())
            # Updating gates for each ending task would slow that down.
            if all(task.ended or task.id in self._signalled for task in cluster.tasks.values()):
                # Gates end along with the last containers, not after them.
                self._dismiss([*self.gates])
            return
        if not self._image:
            try:
                if any(PLAIN in info.labels for info in self.engine.containers({STACK: self.stack, GATE: ""})):
                    # An earlier manager found that out.
                    self.discovery.plain()
                self._image = ensure_image(self.engine, self.memo)
            except EngineError as error:
                log.warning("cannot build the gate image: %s", error)
                return
            except StackferryError as error:
                self._step_aside(error)
                return
        # Needed after the manager's start.
        self.discovery.learn({name for task in cluster.tasks.values() if not task.ended for name in task.addresses})
        self._want(cluster)
        if cluster.services:
            self._leftovers.sweep(self.state.gates)

    def _want(self, cluster: Cluster) -> None:
        with self._news:
            self._lost &= cluster.tasks.keys()
            current = cluster.without(self._lost)
            marks = None if self._strict else self.returns.marks()
            state = webnet(current, self.stack, self.discovery.facts, self._places, marks)
            self.returns.serve(current, state.gates.values(), self._image)
            self._places = {name: (one.network,) for name, one in state.gates.items()}
            self.cluster, self.state = cluster, state
            attended = {name: one for name, one in state.gates.items() if not self._is_held(one)}
            for name, wanted in attended.items():
                self._attendant(name).want(wanted)
            self._dismiss(self.gates.keys() - attended.keys())
            self._news.notify_all()

    def _dismiss(self, names: Iterable[str]) -> None:
        with self._news:
            leaving = [self.gates.pop(name) for name in names]
            for worker in leaving:
                worker.end(remove=True)
            self._leaving = [one for one in self._leaving if one.alive] + leaving

    def _attendant(self, name: str) -> GateWorker:
        if name not in self.gates:
            gate = Gate(self.engine, self.stack, name, self._image, self.sysctls)
            last = next((one for one in self._leaving if one.gate.name == name), None)
            self.gates[name] = GateWorker(gate, self._gate_changed, last)
            self._follower.start()
        return self.gates[name]

    # In other threads of the manager.

    def signalled(self, task_id: str) -> None:
        """A task gets its stop signal now."""
        self._signalled.add(task_id)
        if self._ends:
            self._wake()

    def lost(self, task_id: str) -> None:
        """A task's process is gone, before the engine says so: send it no new connections."""
        with self._news:
            self._lost |= {task_id}
            # At once: each new connection fails until then.
            self._marked()

    def _marked(self) -> None:
        """Something changed outside the loop."""
        with self._news:
            if self.gates and not self._ends and not self._closing.is_set():
                self._want(self.cluster)

    def tasks_only(self, containers: Iterable[ContainerInfo]) -> list[ContainerInfo]:
        """The containers that are no gates; gates are noted."""
        tasks, attended = [], self._workers()
        for info in containers:
            if GATE in info.labels:
                self._leftovers.note(info)
                self._places.setdefault(info.name, tuple(info.addresses))
                if (gate := attended.get(info.name)) is not None:
                    gate.seen(info)
            else:
                tasks.append(info)
        return tasks

    def outlook(self, task: Task) -> Leg | None:
        """What the task's container will need if its gates work as planned; None: not known yet."""
        self._learn(task)
        with self._news:
            return None if self.impossible else self._outlook().leg(task)

    def _learn(self, task: Task) -> None:
        for name in task.template.networks if self.impossible is None else ():
            self.discovery.network(name)

    def leg(self, task: Task) -> Leg | None:
        """What the task's container needs. Waits for its gates; raises what keeps them from working."""
        self._learn(task)
        if self.impossible is not None or asking(task.template, self.discovery.facts) is None:
            return None
        with self._news:
            self._news.wait_for(lambda: self._is_ready(task), READY)
            if self.impossible is not None:
                return None
            if self._trouble is not None:
                raise self._trouble
            asked = asking(task.template, self.discovery.facts)
            if asked is None:
                return None
            self._outlook().check(task, asked)
            found = self._outlook().leg(task)
        if found is None:
            raise StackferryError(f"no gate is running in {', '.join(asked.networks)}", "check the manager's log")
        return found

    def _is_ready(self, task: Task) -> bool:
        over = self.impossible is not None or self._closing.is_set() or self._trouble is not None
        return over or self._outlook().is_ready(task)

    def _outlook(self) -> Readiness:
        return Readiness(self.stack, self.cluster, self.state, self.discovery.facts, self.gates)

    def drained(self, operation: Operation) -> None:
        """Wait until a task may get its stop signal."""
        with self._news:
            gates = [*self.gates.values()]
        drain(operation, gates, self._news, self._closing, lambda: self.record().strict)

    def close(self) -> None:
        """The gates keep running."""
        self._closing.set()
        self.returns.close()
        self._follower.close()
        with self._news:
            for worker in self.gates.values():
                worker.end(remove=False)
            self._news.notify_all()

    def clear(self) -> None:
        """The stack is gone: remove its gates, and wait for that."""
        self._closing.set()
        self.returns.close()
        self._dismiss([*self.gates])
        for worker in self._leaving:
            worker.join(LEAVE)
        self.returns.join(LEAVE)
        for info in self.engine.containers({STACK: self.stack, GATE: ""}):
            self._leftovers.remove(info.id)
        with suppress(EngineError):
            remove_network(self.engine, self.stack, outside_network(self.stack))

    # In the workers' threads, and the follower's.

    def _gate_changed(self, worker: GateWorker, error: StackferryError | None) -> None:
        error = self._with_network(worker, error)
        with self._news:
            # Under one lock: a thread that waits for a gate must not see an error that is being mended.
            worker.error = error
            state, kind = worker.tried, error_kind(error) if error else None
            if error and state and kind:
                self._consider(worker, state, kind, error)
            self._news.notify_all()

    def _consider(self, worker: GateWorker, state: GateState, kind: GateErrorKind, error: StackferryError) -> None:
        if kind is GateErrorKind.PORT_TAKEN and state.bindings:
            self._port_taken(worker, state, taken(error, state.bindings))
        elif kind is GateErrorKind.ADDRESS_UNASKED:
            worker.error = None
            self.discovery.unasked(state.network)
        elif kind is GateErrorKind.ADDRESS_TAKEN:
            if self.discovery.shift(state.network) <= MOVES:
                worker.error = None
        elif kind is GateErrorKind.FORBIDDEN:
            self._give_up(error, worker, state)

    def _port_taken(self, worker: GateWorker, state: GateState, held: Binding) -> None:
        service = next((one for one in self.cluster.services.values() if one.spec.name == state.subject), None)
        if service is None or held.published in {one.published for one in service.spec.endpoint.ports}:
            worker.error = in_use(self.engine, self.stack, held)
        else:
            # We chose the address ourselves: another will do.
            worker.error = None
            self.discovery.taken(held.published, held.protocol)

    def _give_up(self, error: StackferryError, worker: GateWorker, state: GateState) -> None:
        with self._news:
            if self.discovery.facts.plain and not state.plain:
                # It began before all gates became plain.
                worker.error = None
                return
            if self.impossible is not None or any(one.in_force for one in self.gates.values()):
                # If one gate works, others can: try again.
                return
            if state.plain:
                self._step_aside(error)
                return
            log.warning(
                "no load-balanced network: %s. Service names resolve to the healthy tasks"
                " in turn: there are no virtual IPs, and only published TCP ports are relayed",
                error,
            )
            for gate in self.gates.values():
                gate.error = None
            self.discovery.plain()

    def _step_aside(self, error: StackferryError) -> None:
        log.warning(
            "no load-balanced network: %s. Service names are resolved by the engine: there"
            " are no virtual IPs, no draining and no published ports",
            error,
        )
        with self._news:
            self.impossible = error
            self._dismiss([*self.gates])
            self._news.notify_all()
