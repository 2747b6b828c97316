"""A stack's virtual nodes: those of a deployment come and go, the others stay."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from stackferry.emulator.cluster.objects import Asked, Cluster, Node
from stackferry.emulator.cluster.spec import Placement, ServiceSpec, TaskTemplate
from stackferry.emulator.control.change import change_node
from stackferry.emulator.control.deployment import deploy
from stackferry.emulator.control.nodes import nodes_of, suited, with_nodes
from stackferry.emulator.desired.nodes import NodeSpec, numbered
from stackferry.emulator.engine.protocol import EngineVersion
from stackferry.grammar.diagnostics import StackferryError
from tests.emulator.behaviour import Behaviour
from tests.emulator.world import World

ENGINE = EngineVersion("20.10", "1.41", "linux", "x86_64", 2, 1 << 30, "laptop")


def named(*names: str) -> Mapping[str, Node]:
    return nodes_of("s", [NodeSpec(name) for name in names], ENGINE)


def shown(nodes: Mapping[str, Node]) -> list[tuple[str, str, bool, str]]:
    return [(one.hostname, one.availability, one.leaving, one.address) for one in nodes.values()]


def test_fewer_nodes() -> None:
    after = with_nodes(nodes_of("s", numbered(3), ENGINE), nodes_of("s", numbered(1), ENGINE), asked=True)

    assert shown(after) == [
        ("node-1", "active", False, "127.0.0.1"),
        ("node-2", "drain", True, "127.0.0.2"),
        ("node-3", "drain", True, "127.0.0.3"),
    ]


def test_other_names_have_addresses_of_their_own_and_a_manager() -> None:
    after = with_nodes(nodes_of("s", numbered(2), ENGINE), named("a", "b"), asked=True)

    assert shown(after)[2:] == [("a", "active", False, "127.0.0.3"), ("b", "active", False, "127.0.0.4")]
    assert [one.role for one in after.values()] == ["manager", "worker", "manager", "worker"]


def test_where_nobody_asks_all_stay() -> None:
    """`up --nodes 3`, and later `up` alone: the stack's tasks stay where they are."""
    three = nodes_of("s", numbered(3), ENGINE)
    after = with_nodes(three, nodes_of("s", (), replace(ENGINE, version="29.0")), asked=False)

    assert shown(after) == shown(three)
    assert {one.engine_version for one in after.values()} == {"29.0"}
    assert shown(with_nodes({}, nodes_of("s", (), ENGINE), asked=False)) == [("laptop", "active", False, "127.0.0.1")]


def counted(there: Mapping[str, Node], number: int) -> dict[str, Node]:
    """The nodes after `--nodes`."""
    specs = suited(numbered(number), there)
    return with_nodes(there, nodes_of("s", specs, ENGINE), asked=True)


def by_name(nodes: Mapping[str, Node]) -> dict[str, Node]:
    return {one.hostname: one for one in nodes.values()}


def test_a_number_keeps_what_is_there() -> None:
    nodes = nodes_of("s", (), ENGINE)
    three = counted(nodes, 3)

    assert shown(three) == [
        ("laptop", "active", False, "127.0.0.1"),
        ("node-2", "active", False, "127.0.0.2"),
        ("node-3", "active", False, "127.0.0.3"),
    ]
    assert next(iter(three.values())) == next(iter(nodes.values()))
    assert [node.role for node in three.values()] == ["manager", "worker", "worker"]
    assert counted(three, 3) == three
    assert [(node.hostname, node.leaving) for node in counted(three, 2).values()] == [
        ("laptop", False),
        ("node-2", False),
        ("node-3", True),
    ]
    assert list(counted({}, 2)) == list(nodes_of("s", numbered(2), ENGINE))


def test_of_too_many_those_go_that_move_least() -> None:
    """A manager stays though it is drained, and one that takes no tasks goes first."""
    there = dict(nodes_of("s", numbered(4), ENGINE))
    ids = list(there)
    there[ids[0]] = replace(there[ids[0]], role="worker", availability="drain")
    there[ids[1]] = replace(there[ids[1]], ready=False)
    there[ids[3]] = replace(there[ids[3]], role="manager", availability="drain")

    after = counted(there, 2)

    assert [node.leaving for node in after.values()] == [True, True, False, False]
    assert [node.role for node in after.values()][2:] == ["worker", "manager"]


def test_a_number_fills_gaps_and_leaves_labels_alone() -> None:
    """A node that was removed by hand; and nodes that the file named before."""
    first = nodes_of("s", [A, NodeSpec("node-3", "worker", nano_cpus=5)], ENGINE)
    by_hand = {key: replace(node, labels={**node.labels, "mine": "1"}) for key, node in first.items()}

    after = counted(by_hand, 4)

    assert {key: node for key, node in after.items() if key in by_hand} == by_hand
    assert list(by_name(after)) == ["a", "node-3", "node-4", "node-1"]


def test_one_that_leaves_is_asked_for_again_by_number() -> None:
    three = nodes_of("s", numbered(3), ENGINE)

    assert counted(counted(three, 2), 3) == three


def test_a_number_moves_no_task() -> None:
    def deployed(number: int) -> dict[str, str]:
        nodes = nodes_of("s", suited(numbered(number), world.cluster.nodes), ENGINE)
        done = deploy(world.cluster, (service,), nodes, world.now, world.chance, prune=True)
        world.cluster = done.cluster
        list(world.run_until(world.now + 20.0))
        hosts = {key: node.hostname for key, node in world.cluster.nodes.items()}
        return {task.id: hosts[task.node_id] for task in world.cluster.tasks.values() if task.wanted}

    service = ServiceSpec("web", replicas=6, task=TaskTemplate(container=Behaviour()))  # type: ignore[arg-type]
    world = World()
    world.cluster = Cluster(nodes_of("s", (), ENGINE))
    on_one = deployed(1)
    assert set(on_one.values()) == {"laptop"}
    assert deployed(3) == on_one
    # Those that a crash moves to the new nodes are alone to move back.
    for task in list(on_one)[:4]:
        world.crash(world.cluster.tasks[task], 1)
        list(world.run_until(world.now + 10.0))
    on_three = deployed(3)
    assert set(on_three.values()) == {"laptop", "node-2", "node-3"}
    on_two = deployed(2)
    assert {key: host for key, host in on_three.items() if host != "node-3"}.items() <= on_two.items()
    assert set(on_two.values()) == {"laptop", "node-2"}
    assert len(on_two) == 6


def test_one_that_comes_back_is_as_it_is_asked_for() -> None:
    two = nodes_of("s", numbered(2), ENGINE)
    leaving = with_nodes(two, nodes_of("s", numbered(1), ENGINE), asked=True)

    assert with_nodes(leaving, two, asked=True) == two


def test_one_that_leaves_is_not_activated() -> None:
    nodes = with_nodes(named("a", "b"), named("a"), asked=True)
    b = list(nodes.values())[1]

    with pytest.raises(StackferryError, match="node b is leaving the stack"):
        change_node(Cluster(nodes), replace(b, availability="active"))
    change_node(Cluster(nodes), replace(b, ready=False))


def test_when_it_joined() -> None:
    (node,) = nodes_of("s", (), ENGINE, 7.0).values()

    assert (node.created_at, node.updated_at) == (7.0, 7.0)


def test_the_manager_is_the_first_that_may_be() -> None:
    def roles(*specs: NodeSpec) -> list[str]:
        return [one.role for one in nodes_of("s", specs, ENGINE).values()]

    assert roles(NodeSpec("a"), NodeSpec("b")) == ["manager", "worker"]
    assert roles(NodeSpec("a"), NodeSpec("b", "manager")) == ["worker", "manager"]
    assert roles(NodeSpec("a", "worker"), NodeSpec("b")) == ["worker", "manager"]
    assert roles(NodeSpec("a", "worker"), NodeSpec("b", "worker")) == ["manager", "worker"]


A = NodeSpec("a", labels={"disk": "ssd", "zone": "1"})
HELD = {"labels": {"disk": "ssd", "zone": "1"}}


@pytest.mark.parametrize(
    ("by_hand", "asked", "after"),
    [
        # What the file says of labels holds; what it says no more goes; what is only the user's stays.
        ({}, replace(A, labels={"disk": "hdd"}), {"labels": {"disk": "hdd"}}),
        ({"labels": {"disk": "tape", "mine": "1"}}, A, {"labels": {"mine": "1", "disk": "ssd", "zone": "1"}}),
        ({"labels": {}}, A, HELD),
        # A role that the file says holds, one by default is the user's to change, until the default is another.
        ({}, replace(A, role="worker"), {"role": "worker"}),
        ({"role": "worker"}, A, {"role": "worker"}),
        ({"role": "worker"}, replace(A, role="manager"), {"role": "manager"}),
        # Availability is the user's until the file changes it.
        ({"availability": "drain"}, A, {"availability": "drain"}),
        ({"availability": "pause"}, replace(A, availability="drain"), {"availability": "drain"}),
        ({"availability": "drain", "ready": False}, A, {"availability": "drain", "ready": False}),
        ({}, replace(A, nano_cpus=5, memory=7), {"nano_cpus": 5, "memory": 7}),
    ],
)
def test_a_node_that_there_is(by_hand: dict[str, object], asked: NodeSpec, after: dict[str, object]) -> None:
    b = NodeSpec("b")
    node, other = nodes_of("s", [A, b], ENGINE, 1.0).values()
    there = {node.id: replace(node, **by_hand), other.id: replace(other, role="manager")}  # type: ignore[arg-type]

    found = with_nodes(there, nodes_of("s", [asked, b], ENGINE, 2.0), asked=True)[node.id]

    assert {key: getattr(found, key) for key in after} == after
    assert found.updated_at == (1.0 if replace(found, asked=node.asked) == there[node.id] else 2.0)
    assert found.created_at == 1.0


def test_what_the_file_takes_back() -> None:
    """It was the manager because the file said so, and is drained because it said so: now by default it is neither."""
    first = nodes_of("s", [NodeSpec("a", "manager", "drain"), NodeSpec("b")], ENGINE)
    second = with_nodes(first, nodes_of("s", [NodeSpec("a"), NodeSpec("b", "manager")], ENGINE), asked=True)

    assert [(one.role, one.availability) for one in second.values()] == [("worker", "active"), ("manager", "active")]


def test_nodes_of_an_older_store_stay_as_they_are() -> None:
    """Nobody knows what was asked of them."""
    there = {key: replace(node, availability="drain", asked=Asked()) for key, node in named("a", "b").items()}
    after = with_nodes(there, named("a", "b"), asked=True)

    assert [one.availability for one in after.values()] == ["drain", "drain"]
    assert [one.asked.role for one in after.values()] == ["manager", "worker"]


def test_constraints_are_looked_at_again() -> None:
    """As after `node update`: a task moves away from a node that no longer fits, and one that waits is placed."""

    def deployed(world: World, *disks: str) -> list[str]:
        specs = [NodeSpec(f"node-{number}", labels={"disk": disk}) for number, disk in enumerate(disks, 1)]
        done = deploy(world.cluster, (service,), nodes_of("s", specs, ENGINE), world.now, world.chance, prune=True)
        world.cluster = done.cluster
        list(world.run_until(world.now + 20.0))
        return [
            world.cluster.nodes[one.node_id].hostname if one.node_id else one.error
            for one in world.cluster.tasks.values()
            if one.wanted
        ]

    task = TaskTemplate(container=Behaviour(), placement=Placement(("node.labels.disk==ssd",)))  # type: ignore[arg-type]
    service = ServiceSpec("web", task=task)
    world = World()
    world.cluster = Cluster()

    assert deployed(world, "ssd", "hdd") == ["node-1"]
    assert deployed(world, "hdd", "ssd") == ["node-2"]
    assert deployed(world, "hdd", "hdd") == ["no suitable node (scheduling constraints not satisfied on 2 nodes)"]
    assert deployed(world, "ssd", "hdd") == ["node-1"]
