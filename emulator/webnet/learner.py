"""Learns what the engine knows of networks and ports, for `facts.py`. Used by `keeper.py`, from any thread."""

import threading
from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address

from emulator.deployment import StackRecord
from emulator.door import Engine
from emulator.labels import GATE, STACK
from emulator.webnet.address import area
from emulator.webnet.facts import Facts
from emulator.webnet.state import network_gate


class Learner:
    """For one stack. `record` gives what it was deployed with; `news` is called when something new is known."""

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
        self._lock = threading.Lock()

    def network(self, name: str) -> None:
        """Look at a network, if it is not known."""
        with self._lock:
            if name in self.facts.areas:
                return
            info = self.engine.inspect_network(name)
            if info is None:
                return
            spec = next((one for one in self.record().networks if one.name == name), None)
            gate = self.engine.inspect(network_gate(self.stack, name))
            kept = [address for pool in spec.pools for address in pool.aux_addresses.values()] if spec else []
            found = area(
                info,
                self.stack,
                external=spec is None or spec.external,
                kept=[IPv4Address(one) for one in kept if ":" not in one],
                gate=IPv4Address(gate.addresses[name]) if gate and name in gate.addresses else None,
                shift=self._shifts.get(name, 0),
            )
            if found is not None:
                self.facts = replace(self.facts, areas={**self.facts.areas, name: found})
        self.peers(name)
        self.news()

    def peers(self, name: str) -> None:
        """Look for gates of other stacks in a network of ours."""
        if name not in self.facts.areas:
            return
        gates = [one for one in self.engine.containers({GATE: name}) if one.labels.get(STACK) != self.stack]
        found = sorted(IPv4Address(one.addresses[name]) for one in gates if one.running and one.addresses.get(name))
        with self._lock:
            if found == [*self.facts.peers.get(name, ())]:
                return
            self.facts = replace(self.facts, peers={**self.facts.peers, name: tuple(found)})
        self.news()

    def forget(self, name: str) -> None:
        """A network is another one than it was."""
        with self._lock:
            areas = {key: one for key, one in self.facts.areas.items() if key != name}
            self.facts = replace(self.facts, areas=areas)
        self.news()

    def shift(self, name: str) -> None:
        """Our share of an external network turned out to be another stack's: take the next one."""
        self._shifts[name] = self._shifts.get(name, 0) + 1
        self.forget(name)
        self.network(name)

    def plain(self) -> None:
        """No gate of ours may balance."""
        with self._lock:
            self.facts = replace(self.facts, plain=True)
        self.news()

    def taken(self, port: int, protocol: str) -> None:
        """A port is held by somebody else."""
        with self._lock:
            self.facts = replace(self.facts, taken=self.facts.taken | {(port, protocol)})
        self.news()
