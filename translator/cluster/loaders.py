"""Clusters whose own program puts images into their nodes: kind, and k3s on this machine. Which it is, what to say.

Pure: words in, texts out. `stackferry/kube/nodes.py` runs them. What a program says of itself is not believed: a node
lists each image by its name and by its id, and both have to be there.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass

KIND = "kind-"
"""What `kind` puts before the name of a cluster to make the name of its context."""


@dataclass(frozen=True, slots=True)
class Loader:
    """How images get into the nodes of a cluster. `cluster` is what `program` calls it.

    `nodes`: the command that prints their names, one a line; none where there is this machine alone. `listing` is
    what follows for each node. With `by_stdin` the archive is the standard input of `load`, else its last word.
    """

    program: str
    cluster: str
    nodes: tuple[str, ...]
    load: tuple[str, ...]
    by_stdin: bool
    container_program: str = "docker"

    def listing(self, node: str) -> tuple[str, ...]:
        """The command that prints what a node has, by names and ids, one a line."""
        if self.program == "k3s":
            return ("k3s", "ctr", "images", "ls", "-q")
        return (self.container_program, "exec", node, "ctr", "--namespace", "k8s.io", "images", "ls", "-q")

    def load_of(self, archive: str) -> tuple[str, ...]:
        """The command that loads an archive."""
        if self.by_stdin:
            return self.load
        return (*self.load, archive, "--name", self.cluster)


def kind(context: str, container_program: str = "docker") -> Loader | None:
    """The loader of a cluster of kind's, by the name of its context; None if it is none."""
    name = context.removeprefix(KIND)
    if name == context or not name:
        return None
    nodes = ("kind", "get", "nodes", "--name", name)
    return Loader("kind", name, nodes, ("kind", "load", "image-archive"), False, container_program)


def k3s(nodes: Sequence[dict[str, Any]], is_here: Callable[[str], bool]) -> Loader | None:
    """The loader of a cluster whose only node is k3s on this machine; None if it is another one.

    `is_here` says of an address whether it is this machine's: k3s in a container is none of it.
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
    """What a node has: `node` is its name, empty for this machine; `images` the lines of its list."""

    node: str
    images: frozenset[str]

    def lacks(self, name: str, identity: str = "") -> bool:
        """Whether an image is not there under its name, or not with its id, if that is given."""
        return f"docker.io/library/{name}" not in self.images or bool(identity and identity not in self.images)


def on_node(node: str, text: str) -> OnNode:
    """By what `ctr images ls -q` prints."""
    return OnNode(node, frozenset(line.strip() for line in text.splitlines() if line.strip()))


def lacking(names: Iterable[str], nodes: Sequence[OnNode]) -> list[str]:
    """The images that a node does not have, each once, in their order."""
    return [name for name in dict.fromkeys(names) if any(node.lacks(name) for node in nodes)]
