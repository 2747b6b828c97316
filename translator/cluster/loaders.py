"""Clusters with a program that loads images into their nodes: kind, and k3s on this machine. Detection and commands.

Pure: words in, texts out. `stackferry/kube/nodes.py` runs them. The exit of a load proves nothing: a node lists each
image by its name and by its id, and both have to be there.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass

KIND = "kind-"
"""The prefix by which `kind` turns a cluster's name into a context's."""


@dataclass(frozen=True, slots=True)
class Loader:
    """How images get into the nodes of a cluster. `cluster` is its name for `program`.

    `nodes`: the command that prints the nodes' names, one a line; empty if this machine is the only node. With
    `by_stdin`, `load` reads the archive from its standard input; otherwise the archive is its last argument.
    """

    program: str
    cluster: str
    nodes: tuple[str, ...]
    load: tuple[str, ...]
    by_stdin: bool
    container_program: str = "docker"

    def listing(self, node: str) -> tuple[str, ...]:
        """The command that prints a node's images, by names and ids, one a line."""
        if self.program == "k3s":
            return ("k3s", "ctr", "images", "ls", "-q")
        return (self.container_program, "exec", node, "ctr", "--namespace", "k8s.io", "images", "ls", "-q")

    def load_of(self, archive: str) -> tuple[str, ...]:
        """The command that loads an archive."""
        if self.by_stdin:
            return self.load
        return (*self.load, archive, "--name", self.cluster)


def kind(context: str, container_program: str = "docker") -> Loader | None:
    """The loader of a kind cluster, by the name of its context; None for any other cluster."""
    name = context.removeprefix(KIND)
    if name == context or not name:
        return None
    nodes = ("kind", "get", "nodes", "--name", name)
    return Loader("kind", name, nodes, ("kind", "load", "image-archive"), False, container_program)


def k3s(nodes: Sequence[dict[str, Any]], is_here: Callable[[str], bool]) -> Loader | None:
    """The loader of a cluster whose only node is k3s on this machine; None for any other cluster.

    `is_here` says whether an address is this machine's: that of k3s in a container is not.
    """
    if len(nodes) != 1:
        return None
    status = nodes[0].get("status") or {}
    version = str((status.get("nodeInfo") or {}).get("kubeletVersion", ""))
    addresses = [str(one["address"]) for one in status.get("addresses", ()) if one["type"] == "InternalIP"]
    if "+k3s" not in version or not any(map(is_here, addresses)):
        return None
    return Loader("k3s", "k3s", (), ("k3s", "ctr", "images", "import", "-"), True)


@dataclass(frozen=True, slots=True)
class OnNode:
    """A node's images: `node` is its name, empty for this machine; `images` are the lines of its list."""

    node: str
    images: frozenset[str]

    def lacks(self, name: str, identity: str = "") -> bool:
        """Whether the image is missing under its name, or, if `identity` is given, with that id."""
        return f"docker.io/library/{name}" not in self.images or bool(identity and identity not in self.images)


def on_node(node: str, text: str) -> OnNode:
    """The node's images from the output of `ctr images ls -q`."""
    return OnNode(node, frozenset(line.strip() for line in text.splitlines() if line.strip()))


def lacking(names: Iterable[str], nodes: Sequence[OnNode]) -> list[str]:
    """The images that a node lacks, each once, in their order."""
    return [name for name in dict.fromkeys(names) if any(node.lacks(name) for node in nodes)]
