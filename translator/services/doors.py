"""Doors: how each published port is reached from outside the cluster. `convert` prints them."""

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.services.protocols import looks_like_http
from stackferry.translator.stack import Stack

NODE = "$(minikube ip)"
"""The address of the node, as a shell command."""


@dataclass(frozen=True, slots=True)
class Door:
    """One published port: its service by compose name, number and protocol, and how to reach it."""

    service: str
    port: int
    protocol: str
    text: str

    def __str__(self) -> str:
        return f"{self.service} {self.port}/{self.protocol.lower()}: {self.text}"


def address(port: int, protocol: str, host: str = NODE, number: int | None = None) -> str:
    """A URL if the port appears to speak HTTP, else host and port. `number` is the container's, if it differs."""
    if looks_like_http(port if number is None else number, protocol):
        return f"http://{host}:{port}"
    return f"{host}:{port}"


def forward(stack: Stack, name: str, local: int, port: int) -> str:
    """The command that forwards a port to this machine only."""
    return f"kubectl port-forward{stack.options.in_namespace} svc/{name} {local}:{port}"
