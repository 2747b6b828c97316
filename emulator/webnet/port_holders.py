"""Which container holds a port of the host: a service of another stack of ours, or a foreign container.

Asked before a stack is brought up (`stackferry/deploy/surroundings.py`), and by `controller.py` when the engine could
not bind a gate's port.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from stackferry.emulator.cluster.labels import GATE, SERVICE, STACK
from stackferry.emulator.cluster.port_conflicts import same
from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.engine.protocol import ContainerInfo, Engine, EngineError
from stackferry.emulator.webnet.gate_state import Binding
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Holder:
    """A container that holds `port`. `stack` and `service` are empty if it is not ours."""

    port: PublishedPort
    container: str
    stack: str = ""
    service: str = ""

    def __str__(self) -> str:
        if not self.stack:
            return f"the container {self.container}"
        how = "an ingress port" if self.port.mode == "ingress" else "a host-published port"
        return f"service '{self.service}' of the stack {self.stack} as {how}"

    @property
    def hint(self) -> str:
        """What to do about it."""
        if not self.stack:
            return f"publish another port, or stop the container: `docker stop {self.container}`"
        return f"publish another port, or remove that stack: `stackferry -p {self.stack} down`"


def holders(containers: Iterable[ContainerInfo], stack: str) -> Iterator[Holder]:
    """Every port that is held by a container outside the stack."""
    for info in containers:
        if info.running and info.labels.get(STACK) != stack:
            mode = "ingress" if GATE in info.labels else "host"
            service = info.labels.get(GATE) or info.labels.get(SERVICE, "")
            for target, bound in info.ports.items():
                number, _, protocol = target.partition("/")
                for host_ip, published in bound:
                    port = PublishedPort(int(number), int(published), protocol, mode, host_ip)
                    yield Holder(port, info.name, info.labels.get(STACK, ""), service)


def holder_of(port: PublishedPort, held: Iterable[Holder]) -> Holder | None:
    """The holder of a port; our containers come first, since more is known of them."""
    found = sorted((one for one in held if same(port, one.port)), key=lambda one: not one.stack)
    return next(iter(found), None)


def in_use(engine: Engine, stack: str, binding: Binding) -> StackferryError:
    """The error for a port that the engine could not bind."""
    said = f"port '{binding.published}' is already in use"
    with suppress(EngineError):
        port = PublishedPort(binding.published, binding.published, binding.protocol, host_ip=binding.host_ip)
        rival = holder_of(port, holders(engine.running({}), stack))
        if rival is not None:
            return StackferryError(f"{said} by {rival}", rival.hint)
    return StackferryError(f"{said} on this host", "stop the program that uses it, or publish another port")
