from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Network
from pathlib import Path

import pytest

from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.webnet.allocation import allocate
from stackferry.emulator.webnet.desired_gates import webnet
from stackferry.emulator.webnet.facts import Facts
from stackferry.emulator.webnet.ports import publish
from stackferry.emulator.webnet.return_path import Marked, ReturnPath
from tests.emulator.webnet.stack import cluster, facts, service, task

FIXTURES = Path(__file__).parents[3] / "fixtures" / "webnet"
PORT = PublishedPort(80, 8080)


def one_service() -> tuple[Cluster, Facts]:
    web = service("web", "s_default", ports=(PORT, PublishedPort(53, 53, "udp")), aliases=("www", "not a name"))
    tasks = (
        task(web, 2),
        task(web, 1),
        task(web, 3, TaskState.STARTING),
        task(web, 4, desired=TaskState.SHUTDOWN),
        task(web, 5, failing="unhealthy container"),
        task(web, 6, TaskState.FAILED, addresses={}),
    )
    return cluster((web,), tasks), facts("s_default")


def several_networks() -> tuple[Cluster, Facts]:
    both = service("both", "s_a", "s_b")
    rr = service("rr", "s_b", mode="dnsrr")
    own = service("own", "s_a", dns=("10.9.9.9", "fd00::9"))
    tasks = (task(both, 1), task(rr, 1, addresses={"s_b": "10.0.1.21"}), task(rr, 2, addresses={"s_b": "10.0.1.22"}))
    return cluster((both, rr, own), tasks), facts("s_a", "s_b")


def with_ipv6() -> tuple[Cluster, Facts]:
    web, rr = service("web", "s_a", ports=(PORT,)), service("rr", "s_a", mode="dnsrr")
    tasks = (task(web, 1), task(rr, 2), task(web, 3, desired=TaskState.SHUTDOWN))
    both = (replace(one, addresses6={"s_a": f"fd00::{one.slot}"}) for one in tasks)
    known = facts("s_a")
    areas = {name: replace(one, subnet6=IPv6Network("fd00::/64")) for name, one in known.areas.items()}
    return cluster((web, rr), tuple(both)), replace(known, areas=areas)


def shut_off() -> tuple[Cluster, Facts]:
    web = service("web", "s_back", ports=(replace(PORT, host_ip="127.0.0.1"),))
    return cluster((web,), (task(web, 1),), nodes=3), facts("s_back", internal="s_back")


def shared_with_other_stacks() -> tuple[Cluster, Facts]:
    web, alone = service("web", "s_a", "shared"), service("alone", "s_a")
    peers = {"shared": (IPv4Address("10.0.1.193"), IPv4Address("10.0.1.209")), "too": (IPv4Address("10.0.2.193"),)}
    known = facts("s_a", "shared", "too")
    areas = {name: replace(one, external=name != "s_a") for name, one in known.areas.items()}
    meets = service("meets", "shared", "too")
    return cluster((web, alone, meets), (task(web, 1), task(alone, 2), task(meets, 3))), replace(
        known, areas=areas, peers=peers
    )


def refused() -> tuple[Cluster, Facts]:
    return cluster((service("a", "s_a", ports=(PORT,)), service("b", "s_a", ports=(PORT,)))), facts("s_a")


def unknown_network() -> tuple[Cluster, Facts]:
    return cluster((service("a", "s_a", ports=(PORT,)),)), facts()


def plain() -> tuple[Cluster, Facts]:
    (web, known), (several, more) = one_service(), several_networks()
    areas = {**known.areas, **more.areas}
    together = replace(several, services={**web.services, **several.services}, tasks={**web.tasks, **several.tasks})
    return together, Facts(areas, plain=True)


CASES = {
    one.__name__: one
    for one in (
        one_service,
        with_ipv6,
        several_networks,
        shut_off,
        shared_with_other_stacks,
        refused,
        unknown_network,
        plain,
    )
}


@pytest.mark.parametrize("name", CASES)
def test_text(name: str, golden: Callable[[Path, str], None]) -> None:
    before, known = CASES[name]()

    found = webnet(publish(allocate(before, known), known), "s", known)

    golden(FIXTURES / name / "gates.txt", f"{found}\n")
    texts = (gate.relays() if gate.plain else f"{gate.turns()}\n{gate.table()}" for gate in found.gates.values())
    golden(FIXTURES / name / "table.nft", "\n".join(texts))
    assert {gate.plain for gate in found.gates.values()} <= {known.plain}


def test_who_sees_its_clients(golden: Callable[[Path, str], None]) -> None:
    before, known = one_service()
    path = ReturnPath("s_web", "c", IPv4Address("10.0.0.2"), IPv4Address("10.0.0.130"))
    marks = {"web-id.2": Marked(path), "web-id.3": Marked(replace(path, address=IPv4Address("10.0.0.3")))}

    found = webnet(publish(allocate(before, known), known), "s", known, marks=marks)

    gate = found.gates["s_web.ingress"]
    folder = FIXTURES / "clients_seen"
    golden(folder / "gates.txt", f"{gate}\n")
    golden(folder / "table.nft", f"{gate.turns()}\n{gate.table()}")
    # What a network's gate does to neighbours is as ever.
    assert "ct status dnat masquerade" in found.gates["s.gate.s_default"].table()


def test_in_a_network_that_is_shut_off_nobody_does() -> None:
    before, known = shut_off()

    gate = webnet(publish(allocate(before, known), known), "s", known, marks={}).gates["s_web.ingress"]

    assert (gate.address, gate.subnet, gate.returning) == (None, None, ())


def test_what_a_gate_has() -> None:
    before, known = one_service()
    gates = webnet(publish(allocate(before, known), known), "s", known).gates

    gate = gates["s.gate.s_default"]
    assert {one.task_id for one in gate.backends()} == {"web-id.1", "web-id.2"}
    assert {one.task_id for one in gate.draining} == {"web-id.4", "web-id.5"}
    assert gate.addresses() == (IPv4Address("10.0.0.129"),)
    assert gate.backends() == gates["s_web.ingress"].backends()


def test_two_hundred_services() -> None:
    services = tuple(service(f"n{one}", "s_a") for one in range(200))
    tasks = tuple(task(one, slot) for one in services for slot in range(1, 6))
    known = facts("s_a")
    wide = replace(known.areas["s_a"], last=IPv4Address("10.0.3.255"))
    known = replace(known, areas={"s_a": wide})

    gate = webnet(allocate(cluster(services, tasks), known), "s", known).gates["s.gate.s_a"]

    assert len(gate.balanced) == 200
    assert len(gate.table()) < 100_000


def test_a_port_on_two_loopback_addresses_is_bound_once_on_each() -> None:
    """Both are on the node's address, too: asked for a second time, the engine takes it for somebody else's."""
    ports = tuple(replace(PORT, host_ip=one) for one in ("127.0.0.1", "127.0.0.9"))
    web = service("web", "s_a", ports=ports)
    known = facts("s_a")
    found = publish(allocate(cluster((web,), (task(web, 1),), nodes=2), known), known)

    bound = [one.host_ip for one in webnet(found, "s", known).gates["s_web.ingress"].bindings]

    assert bound == ["127.0.0.1", "127.0.0.2", "127.0.0.9"]


def test_a_published_services_gate_stays_where_it_is_while_its_tasks_are_there() -> None:
    """It would be made anew in another network: its connections end, and tasks of before are not reached there."""
    old, new = service("web", "s_n", ports=(PORT,)), service("web", "s_m", "s_n", ports=(PORT,))
    known, gate = facts("s_m", "s_n"), "s_web.ingress"

    def place(*tasks: Task, places: tuple[str, ...] = ()) -> str:
        found = publish(cluster((new,), tasks), known)
        return webnet(found, "s", known, {gate: places}).gates[gate].network

    assert place() == "s_m"
    assert place(task(old, 1), task(new, 2), places=("s_n",)) == "s_n"
    assert place(task(old, 1), task(new, 2), places=("s_m",)) == "s_n"
    assert place(task(new, 1), places=("s_ingress", "s_n")) == "s_n"
    # The network that it is in is none of the service's any more.
    assert place(task(new, 1), places=("s_o",)) == "s_m"
