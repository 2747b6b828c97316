"""Learns what the engine knows of networks and ports, for `facts.py`. Used by `controller.py`, from any thread."""

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from ipaddress import IPv4Address

from stackferry.emulator.cluster.labels import GATE, STACK
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.engine.protocol import Engine, EngineError
from stackferry.emulator.webnet.address import Area, area
from stackferry.emulator.webnet.desired_gates import network_gate
from stackferry.emulator.webnet.facts import Facts
from stackferry.emulator.webnet.gate_container import ADDRESS, gate_address


class Discovery:
    """For one stack. `record` returns what it was deployed with; `news` is called when something new is known."""

    def __init__(
        self,
        engine: Engine,
        stack: str,
        record: Callable[[], StackRecord],
        news: Callable[[], None],
        *,
        plain: bool = False,
    ) -> None:
        self.engine, self.stack, self.record, self.news = engine, stack, record, news
        self.facts = Facts(plain=plain)
        self._shifts: dict[str, int] = {}
        self._unasked: set[str] = set()
        self._lock = threading.Lock()

    def network(self, name: str) -> None:
        """Inspect a network, unless it is known."""
        with self._lock:
            if name in self.facts.areas:
                return
            found = self._area(name)
            if found is None:
                return
            self.facts = replace(self.facts, areas={**self.facts.areas, name: found})
        self.peers(name)
        self.news()

    def learn(self, names: Iterable[str]) -> None:
        """Inspect the unknown ones of these networks, as far as the engine answers."""
        for name in names:
            if name not in self.facts.areas:
                with suppress(EngineError):
                    self.network(name)

    def _area(self, name: str) -> Area | None:
        info = self.engine.inspect_network(name)
        if info is None:
            return None
        spec = next((one for one in self.record().networks if one.name == name), None)
        gate = self.engine.inspect(network_gate(self.stack, name))
        if gate is not None and ADDRESS in gate.labels:
            self._unasked.add(name)
        if name in self._unasked and self.facts.plain:
            # A plain gate cannot add an address.
            return None
        kept = [address for pool in spec.pools for address in pool.aux_addresses.values()] if spec else []
        return area(
            info,
            self.stack,
            external=spec is None or spec.external,
            kept=[IPv4Address(one) for one in kept if ":" not in one],
            gate=gate_address(gate, name) if gate else None,
            shift=self._shifts.get(name, 0),
            unasked=name in self._unasked,
        )

    def peers(self, name: str) -> None:
        """Look for gates of other stacks in one of our networks."""
        if name not in self.facts.areas:
            return
        gates = [one for one in self.engine.containers({GATE: name}) if one.labels.get(STACK) != self.stack]
        found = sorted(at for one in gates if one.running and (at := gate_address(one, name)))
        with self._lock:
            if found == [*self.facts.peers.get(name, ())]:
                return
            self.facts = replace(self.facts, peers={**self.facts.peers, name: tuple(found)})
        self.news()

    def shift(self, name: str) -> int:
        """Our slice of an external network turned out to be another stack's: take the next. Returns how many so far."""
        self._shifts[name] = self._shifts.get(name, 0) + 1
        self.again(name)
        return self._shifts[name]

    def again(self, name: str) -> None:
        """A network has changed, or may have."""
        # Under one lock: in between, no thread must conclude that the network does not exist.
        with self._lock:
            others = {key: one for key, one in self.facts.areas.items() if key != name}
            found = self._area(name)
            self.facts = replace(self.facts, areas={**others, name: found} if found else others)
        self.peers(name)
        self.news()

    def unasked(self, name: str) -> None:
        """The engine refuses requests for a chosen address in a network."""
        self._unasked.add(name)
        self.again(name)

    def plain(self) -> None:
        """None of our gates may balance or add an address."""
        with self._lock:
            areas = {name: one for name, one in self.facts.areas.items() if name not in self._unasked}
            self.facts = replace(self.facts, areas=areas, plain=True)
        self.news()

    def taken(self, port: int, protocol: str) -> None:
        """Another program holds a port."""
        with self._lock:
            self.facts = replace(self.facts, taken=self.facts.taken | {(port, protocol)})
        self.news()
