"""`stackferry node …`: the virtual nodes of a stack, listed, changed, lost and found again."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

from stackferry.options.common import Filter, Format, Quiet
from stackferry.options.declaration import Argument, Option
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from stackferry.emulator.cluster.objects import Cluster, Node

NodeName = Annotated[str, Argument(metavar="NODE")]
NodeNames = Annotated[list[str], Argument(metavar="NODE...")]


@verb
def ls(session: Session, filter_: Filter = None, form: Format = None, quiet: Quiet = False) -> int:
    """List the nodes of the stack."""
    from stackferry.lookup.lookup import with_nodes
    from stackferry.render.filters import select
    from stackferry.render.format import listing
    from stackferry.render.node_rows import NODE_TESTS, NODE_VALUES, SHAPE, node_rows

    found = with_nodes(session)
    rows = node_rows(found.cluster, select(found.cluster.nodes.values(), filter_, NODE_TESTS, NODE_VALUES))
    sys.stdout.write(listing(SHAPE, rows, form, quiet=quiet))
    return 0


@verb
def update(
    session: Session,
    node: NodeName,
    availability: Annotated[
        Literal["active", "pause", "drain"] | None, Option("--availability", help="Whether the node takes tasks.")
    ] = None,
    role: Annotated[Literal["manager", "worker"] | None, Option("--role", help="Role of the node.")] = None,
    label_add: Annotated[
        list[str] | None, Option("--label-add", metavar="KEY=VALUE", help="Add or change a label.")
    ] = None,
    label_rm: Annotated[list[str] | None, Option("--label-rm", metavar="KEY", help="Remove a label.")] = None,
) -> int:
    """Update a node.

    The tasks of a drained node move to other nodes; a paused node keeps its tasks and gets no new ones.
    """
    from stackferry.grammar.diagnostics import StackferryError

    def changed(node: "Node") -> "Node":
        from dataclasses import replace

        labels = dict(node.labels)
        for key in label_rm or ():
            if key not in labels:
                raise StackferryError(f"key {key} doesn't exist in node's labels")
            del labels[key]
        labels |= {key: value for key, _, value in (text.partition("=") for text in label_add or ())}
        return replace(node, labels=labels, availability=availability or node.availability, role=role or node.role)

    return _change(session, [node], changed)


@verb
def promote(session: Session, nodes: NodeNames) -> int:
    """Promote workers to managers."""
    said = "Node {} promoted to a manager in the swarm."
    return _one_by_one(session, nodes, "manager", said, "Node {} is already a manager.")


@verb
def demote(session: Session, nodes: NodeNames) -> int:
    """Demote managers to workers."""
    return _one_by_one(session, nodes, "worker", "Manager {} demoted in the swarm.", "Node {} is already a worker.")


@verb
def down(session: Session, nodes: NodeNames) -> int:
    """Simulate the failure of nodes.

    Their tasks are replaced on other nodes.
    """
    return _change(session, nodes, _ready(ready=False))


@verb
def up(session: Session, nodes: NodeNames) -> int:
    """Bring failed nodes back."""
    return _change(session, nodes, _ready(ready=True))


@verb
def rm(
    session: Session,
    nodes: NodeNames,
    force: Annotated[bool, Option("-f", "--force", help="Remove nodes that are up, too.")] = False,
) -> int:
    """Remove nodes from the stack.

    Their tasks move to other nodes. A deployment that asks for the nodes brings them back.
    """
    from stackferry.emulator.control.change import remove_node
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.lookup import find_node, with_nodes
    from stackferry.lookup.stacks import change

    def removed(key: str) -> "Callable[[Cluster], Cluster]":
        return lambda cluster: remove_node(cluster, cluster.nodes[key], force=force)

    found, code = with_nodes(session), 0
    for word in nodes:
        try:
            change(session, found, removed(find_node(found, word).id))
        except StackferryError as error:
            session.fail(error, str(error), error.hint)
            code = 1
        else:
            print(word)
    return code


def _as(role: str) -> "Callable[[Node], Node]":
    from dataclasses import replace

    return lambda node: replace(node, role=role)


def _ready(*, ready: bool) -> "Callable[[Node], Node]":
    from dataclasses import replace

    return lambda node: replace(node, ready=ready)


def _one_by_one(session: Session, words: list[str], role: str, said: str, already: str) -> int:
    """Give nodes a role as docker does: those before one that cannot have it get it, and are told."""
    from stackferry.lookup.lookup import find_node, with_nodes

    for word in words:
        node = find_node(with_nodes(session), word)
        if node.role == role:
            print(already.format(node.id))
        else:
            _change(session, [word], _as(role), said)
    return 0


def _change(session: Session, words: list[str], changed: "Callable[[Node], Node]", said: str = "{}") -> int:
    """Change the named nodes in one transaction, and say so of each."""
    import time
    from dataclasses import replace

    from stackferry.emulator.control.change import change_node
    from stackferry.lookup.lookup import find_node, with_nodes
    from stackferry.lookup.stacks import change

    found = with_nodes(session)
    nodes = [find_node(found, word) for word in words]

    def edit(cluster: "Cluster") -> "Cluster":
        for node in nodes:
            cluster = change_node(cluster, replace(changed(cluster.nodes[node.id]), updated_at=time.time()))
        return cluster

    change(session, found, edit)
    for word in words:
        print(said.format(word), flush=True)
    return 0
