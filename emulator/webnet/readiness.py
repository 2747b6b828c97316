"""Whether the gates that a task depends on are ready for its container. Pure: compares desired and actual state.

`controller.py` asks it while executors wait to create containers.
"""

from collections.abc import Mapping
from typing import Protocol

from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.webnet.allocation import Asking, asking
from stackferry.emulator.webnet.desired_gates import Webnet, ingress_gate, network_gate, resolver_gate
from stackferry.emulator.webnet.facts import Facts
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.emulator.webnet.leg import Leg
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass


class Attended(Protocol):
    """A gate with its worker (`gate_worker.py`)."""

    error: StackferryError | None
    in_force: GateState | None


@dataclass(frozen=True, slots=True)
class Readiness:
    """A stack's gates at one moment, by name, with their desired state."""

    stack: str
    cluster: Cluster
    state: Webnet
    facts: Facts
    gates: Mapping[str, Attended]

    def gates_of(self, service: Service, asked: Asking) -> list[str]:
        """The gates that a task of the service depends on."""
        ingress = ingress_gate(service.spec.name)
        return [
            *([ingress] if ingress in self.state.gates else []),
            resolver_gate(self.stack, asked, self.facts),
            *(network_gate(self.stack, one) for one in asked.networks),
        ]

    def leg(self, task: Task) -> Leg | None:
        """How a task is attached; None if it is in no load-balanced network, or has no resolver yet."""
        service = self.cluster.services.get(task.service_id)
        asked = asking(task.template, self.facts)
        address = asked.address(service, self.facts) if asked and service else None
        return Leg(address, frozenset(asked.networks)) if asked and address else None

    def is_ready(self, task: Task) -> bool:
        """Whether there is nothing to wait for: all its gates work, or one of them cannot."""
        service = self.cluster.services.get(task.service_id)
        asked = asking(task.template, self.facts)
        if service is None or asked is None:
            # A plain gate cannot be in every network: then there is nothing to wait for.
            return service is not None and self.facts.plain
        address = asked.address(service, self.facts)
        vip = service.spec.endpoint.mode == "vip" and not self.facts.plain
        if address is None or (vip and not service.vips.keys() >= {*asked.networks}):
            return False
        names = self.gates_of(service, asked)
        if any(name not in self.gates for name in names):
            return False
        if any(self.gates[name].error for name in names):
            return True
        states = [self.gates[name].in_force for name in names]
        known = {one.address for state in states if state for one in state.resolvers}
        return all(states) and address in known

    def check(self, task: Task, asked: Asking) -> None:
        """Raise the error that keeps its gates from working."""
        service = self.cluster.services.get(task.service_id)
        if service is None:
            return
        if service.id in self.state.refused:
            raise StackferryError(self.state.refused[service.id], "publish another port")
        for name in self.gates_of(service, asked):
            error = self.gates[name].error if name in self.gates else None
            if error is not None:
                raise error
        if not self.is_ready(task):
            words = f"the gates of {', '.join(asked.networks)} do not respond"
            raise StackferryError(words, "check the manager's log")
