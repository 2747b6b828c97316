"""Controls one gate: creates and starts its container and sends it commands over an open session. All I/O of a gate.

The session is a process inside (`gate.sh control`); a command there costs a tenth of an `exec`. It ends with
the gate or with the manager; the gate itself runs on without it. Used by one thread at a time (`gate_worker.py`).
"""

import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from ipaddress import ip_address

from stackferry.emulator.cluster.labels import GATE, STACK, of_stack
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineError, ExecSession
from stackferry.emulator.webnet.conntrack import Flow, flows
from stackferry.emulator.webnet.gate_container import ADDRESS, SHAPE, gate_body, of_ipv6, state_archive
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.emulator.webnet.network import has_network, make_network
from stackferry.emulator.webnet.nftables import Address, hurried, returns
from stackferry.grammar.diagnostics import StackferryError

PATIENCE = 20.0
"""Seconds to wait for a gate's answer."""

GOING = "marked for removal"
"""The engine's words for a container that it is about to remove."""


class GateLostError(StackferryError):
    """The gate ended during a call, or is being removed: it will be recreated."""


class GateRefusedError(StackferryError):
    """The kernel or the engine does not allow what a gate needs."""


class Gate:
    """The gate with a name. `sysctls` are set in its namespace if the kernel has them."""

    def __init__(self, engine: Engine, stack: str, name: str, image: str, sysctls: Mapping[str, str]) -> None:
        self.engine, self.stack, self.name, self.image, self.sysctls = engine, stack, name, image, sysctls
        self._session: ExecSession | None = None
        self._rest = b""

    def ensure(self, state: GateState) -> bool:
        """Have it running with the state's networks and ports; returns whether it was created just now."""
        beside = of_ipv6(self.engine.version().version) if state.ipv6 else {}
        body = gate_body(state, self.stack, self.image, {**self.sysctls, **beside})
        info = self.engine.inspect(self.name)
        made = info is None
        if info is not None and not (_ours(info.labels, body) and connected(info, state)):
            if info.labels.get(STACK) != self.stack or GATE not in info.labels:
                raise StackferryError(f"container {self.name} uses the name of a gate", "remove or rename it")
            self.remove()
            made = True
        if made:
            self._create(state, body)
        if info is not None and not made and info.status == "paused":
            # Its kernel rules still work, so VIPs answer; its resolvers do not.
            self.engine.unpause(self.name)
        elif info is None or made or info.status != "running":
            try:
                self.engine.start(self.name)
            except EngineError as error:
                if GOING in error.message:
                    # A killed manager had begun to remove it: it is gone in a moment and will be recreated.
                    raise GateLostError(f"gate {self.name}: {error}") from error
                # A gate that cannot bind its ports is only half a gate; and an engine that was killed may be unable to
                # start its containers again.
                self.engine.remove(self.name)
                if not made:
                    return self.ensure(state)
                if self.sysctls and "/proc/sys/net/netfilter" in error.message:
                    # The kernel does not offer these time-outs; its own will do.
                    self.sysctls = {}
                    return self.ensure(state)
                raise
        if state.unasked:
            self._claim(state)
        return made

    def _claim(self, state: GateState) -> None:
        """If the engine does not know gates' addresses, two stacks may choose the same: the older gate keeps it."""
        found = self.engine.containers({GATE: state.subject})
        same = [one for one in found if one.running and one.labels.get(ADDRESS) == str(state.address)]
        first = min(same, key=lambda one: (one.started_at, one.name), default=None)
        if first is not None and first.name != self.name:
            self.engine.remove(self.name)
            raise GateRefusedError(f"gate {self.name}: Address already in use by {first.name}")

    def _create(self, state: GateState, body: Mapping[str, object]) -> None:
        if not state.outside:
            self.engine.create(self.name, body)
            return
        if not has_network(self.engine, self.stack, state.outside):
            make_network(self.engine, NetworkSpec("ingress", state.outside, labels=of_stack(self.stack)), {})
        self.engine.create(self.name, body)
        self.engine.connect(state.network, self.name, {})

    def reach(self, state: GateState) -> None:
        """Connect it to all additional networks, and to no others."""
        info = self.engine.inspect(self.name)
        if info is None:
            return
        wanted = {state.network, *([state.outside] if state.outside else []), *state.farther}
        for network in wanted - info.addresses.keys():
            self.engine.connect(network, self.name, {})
        for network in info.addresses.keys() - wanted:
            self.engine.disconnect(network, self.name)

    def apply(self, state: GateState, dead: Iterable[Address], fresh: Iterable[Address] = ()) -> None:
        """Apply a state. Raises GateRefusedError with the words of nft or ip.

        Flows to `dead` addresses end; `fresh` are addresses of new tasks.
        """
        archive = state_archive(state, dead, fresh)
        code, text = self._ask(f"apply {len(archive)}", archive)
        if code:
            raise GateRefusedError(f"gate {self.name}: {text.strip() or f'code {code}'}")

    def hurry(self, before: GateState, state: GateState) -> None:
        """Take out backends that are gone, ahead of everything else in `apply`: about 10 ms instead of 40."""
        chains, rules = hurried(before.turns(), state.turns())
        if chains:
            payload = (rules + returns(before.returning, state.returning)).encode()
            # If it fails, `apply` will report why.
            self._ask(f"hurry {len(payload)} {' '.join(chains)}", payload)

    def busy(self) -> dict[Address, int]:
        """The number of live flows of each backend. Takes about 40 ms of kernel time."""
        found: dict[Address, int] = {}
        for line in self._ask("busy")[1].splitlines():
            count, address = line.split()
            found[ip_address(address)] = int(count)
        return found

    def forget(self, address: Address) -> None:
        """End all flows to a backend that is gone."""
        self._ask(f"forget {address}")

    def flows(self) -> tuple[Flow, ...]:
        """Every connection through it."""
        return flows(self._ask("flows")[1])

    def counters(self) -> str:
        """The counters of new connections, as nft lists them."""
        return self._ask("counters")[1]

    def returning(self) -> str:
        """The tasks that see their clients, as nft lists them; empty if there is no such set."""
        return self._ask("returning")[1]

    def remove(self) -> None:
        """Remove the gate's container."""
        self.close()
        self.engine.remove(self.name)

    def close(self) -> None:
        """End the session; the gate keeps running."""
        session, self._session, self._rest = self._session, None, b""
        if session is not None:
            with suppress(EngineError):
                session.close()

    def _ask(self, command: str, payload: bytes = b"") -> tuple[int, str]:
        if self._session is None:
            self._session = self._begin()
        guard = threading.Timer(PATIENCE, self._session.close)
        guard.daemon = True
        guard.start()
        try:
            self._session.write(command.encode() + b"\n" + payload)
            return self._answer(self._session)
        except (EngineError, OSError) as error:
            self.close()
            raise GateLostError(f"gate {self.name}: {error}") from error
        finally:
            guard.cancel()

    def _begin(self) -> ExecSession:
        try:
            return self.engine.exec_stream(self.name, ["/bin/sh", "/gate.sh", "control"])
        except EngineError as error:
            if error.status in (404, 409):
                # It ended or was removed since the last look: a killed manager may have begun that.
                raise GateLostError(f"gate {self.name}: {error}") from error
            raise

    def _answer(self, session: ExecSession) -> tuple[int, str]:
        lines: list[str] = []
        while True:
            piece = session.read()
            if piece is None:
                said = " ".join(lines)
                self.close()
                raise GateLostError(f"gate {self.name} ended {said}".rstrip())
            *whole, self._rest = (self._rest + piece[1]).split(b"\n")
            for line in (one.decode(errors="replace") for one in whole):
                if line.startswith("= "):
                    return int(line[2:]), "\n".join(lines)
                lines.append(line)


def connected(info: ContainerInfo, state: GateState) -> bool:
    """Whether a running gate still has its network endpoints. A gate that is reconnected would lack its addresses."""
    if info.status not in ("running", "paused"):
        # A stopped gate has no addresses; it gets its endpoints back when it starts.
        return True
    own = info.addresses.get(state.network)
    asked = state.address if not state.unasked else None
    return (
        own is not None and (asked is None or own == str(asked)) and (state.outside or state.network) in info.addresses
    )


def _ours(found: Mapping[str, str], body: Mapping[str, object]) -> bool:
    wanted = body["Labels"]
    return isinstance(wanted, Mapping) and found.get(SHAPE) == wanted[SHAPE] and found.get(STACK) == wanted[STACK]
