"""Handles networks that are replaced or removed while gates are in them: a part of `GateController`.

No thread may hold the controller's lock while it waits for a network to be created: the creator waits for gates.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from stackferry.emulator.cluster.objects import Task
from stackferry.emulator.engine.protocol import Engine, EngineError
from stackferry.emulator.webnet.discovery import Discovery
from stackferry.emulator.webnet.gate_errors import GateErrorKind, error_kind
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.emulator.webnet.gate_worker import LEAVE, GateWorker
from stackferry.emulator.webnet.leg import Leg
from stackferry.grammar.diagnostics import StackferryError


class NetworkCare(ABC):
    """What a controller does when a network goes. `remake` recreates a removed network of the stack."""

    engine: Engine
    discovery: Discovery
    impossible: StackferryError | None

    def __init__(self, remake: Callable[[str], None]) -> None:
        self.remake = remake
        self.gates: dict[str, GateWorker] = {}
        self._leaving: list[GateWorker] = []
        self._news = threading.Condition()
        self._held: frozenset[str] = frozenset()

    @abstractmethod
    def _dismiss(self, names: Iterable[str]) -> None:
        """Remove these gates."""

    def is_held(self, network: str) -> bool:
        """Whether the network is being replaced right now."""
        return network in self._held

    def _workers(self) -> dict[str, GateWorker]:
        with self._news:
            return dict(self.gates)

    def _is_held(self, gate: GateState) -> bool:
        """Whether this gate must not be created now."""
        return bool(self._held & {gate.network, *gate.farther})

    @contextmanager
    def replacing(self, network: str) -> Iterator[None]:
        """While a network is replaced its gates are gone, and are not recreated."""
        with self._news:
            self._held |= {network}
            self._dismiss([name for name, one in self.gates.items() if one.wanted and self._is_held(one.wanted)])
            leaving = [*self._leaving]
        for worker in leaving:
            worker.join(LEAVE)
        try:
            yield
        finally:
            with suppress(EngineError):
                self.discovery.again(network)
            with self._news:
                self._held -= {network}
            # The next pass recreates them, with the current addresses.
            self.discovery.news()

    def leg_now(self, task: Task) -> Leg | None:
        """What a running container needs in its networks, whether their gates work or not."""
        if self.impossible is not None:
            return None
        for name in task.template.networks:
            self.discovery.network(name)
        return Leg(None, frozenset(self.discovery.facts.areas))

    def leg_taken(self, container: str) -> None:
        """A container that is no task's lost a network endpoint: if it is a gate, have its worker check it."""
        info = self.engine.inspect(container)
        if info is not None and (gate := self._workers().get(info.name)) is not None:
            gate.seen(info)

    def _with_network(self, worker: GateWorker, error: StackferryError | None) -> StackferryError | None:
        """The error of a gate; None if its network was gone or replaced and can be restored."""
        state = worker.tried
        if error is None or state is None or error_kind(error) is not GateErrorKind.OTHER_NETWORK:
            return error
        try:
            self.remake(state.network)
            self.discovery.again(state.network)
        except StackferryError as failure:
            return failure
        return None
