"""Which ports of the node a stack may publish at their own numbers, and which the node needs itself. Pure."""

from collections.abc import Collection

from stackferry.grammar.lazy_dataclass import dataclass

WIDE = range(1, 65536)
"""All that a node can have; the API server is told so when the cluster is made."""

TAKEN = {
    22: "sshd",
    2376: "the node's Docker Engine",
    2379: "etcd",
    2380: "etcd",
    2381: "etcd",
    8443: "the Kubernetes API server",
    **dict.fromkeys(range(10248, 10260), "Kubernetes"),
}
"""TCP ports that the node of minikube listens at, and who does. A node port of that number would cut it off."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A port that cannot be published: who has it, and the next one that nobody has."""

    number: int
    owner: str
    instead: int | None

    @property
    def message(self) -> str:
        """What is wrong."""
        return f"port {self.number} of the node is used by {self.owner}: it cannot be published"

    @property
    def hint(self) -> str:
        """What to do."""
        return f"publish {self.instead} instead, which is free" if self.instead else "publish another port"


def refusal(number: int, protocol: str, others: Collection[int], allowed: range = WIDE) -> Refusal | None:
    """Why a port of the node cannot be had, None if it can. `others` are those that the stack publishes, too."""
    if protocol.upper() != "TCP" or number not in TAKEN:
        return None
    free = (one for one in range(number + 1, allowed[-1] + 1) if one not in TAKEN and one not in others)
    return Refusal(number, TAKEN[number], next(free, None))
