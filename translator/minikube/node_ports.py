"""The ports of the node that a stack may publish at their own numbers, and those that the node needs itself. Pure."""

from collections.abc import Collection

from stackferry.grammar.lazy_dataclass import dataclass

WIDE = range(1, 65536)
"""All possible ports; the API server gets this range when the cluster is created."""

TAKEN = {
    22: "sshd",
    2376: "the node's Docker Engine",
    2379: "etcd",
    2380: "etcd",
    2381: "etcd",
    8443: "the Kubernetes API server",
    **dict.fromkeys(range(10248, 10260), "Kubernetes"),
}
"""TCP ports on which the minikube node itself listens, and their users. A node port of that number would block them."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A port that cannot be published: its user, and the next free one."""

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
    """Why a node port cannot be used, None if it can. `others` are further ports that the stack publishes."""
    if protocol.upper() != "TCP" or number not in TAKEN:
        return None
    free = (one for one in range(number + 1, allowed[-1] + 1) if one not in TAKEN and one not in others)
    return Refusal(number, TAKEN[number], next(free, None))
