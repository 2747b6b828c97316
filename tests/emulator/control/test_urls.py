"""The lines at the end of `up`."""

from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort, ServiceSpec
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.urls import urls

OPEN = EndpointSpec(ports=(PublishedPort(80), PublishedPort(53, 5353, "udp", host_ip="127.0.0.7")))


def test_ports_that_were_asked_for_and_those_that_we_chose() -> None:
    fixed = OPEN.ports[1]
    chosen = Service("1", ServiceSpec("s_web", endpoint=OPEN), published=(PublishedPort(80, 30000), fixed))
    not_yet = Service("2", ServiceSpec("s_api", endpoint=OPEN))

    assert [*urls((chosen, not_yet), Cluster())] == [
        "s_web: http://127.0.0.1:30000",
        "s_web: udp 127.0.0.7:5353",
        "s_api: udp 127.0.0.7:5353",
    ]


def test_an_address_of_ipv6() -> None:
    ports = EndpointSpec(ports=(PublishedPort(80, 8080, host_ip="::1"), PublishedPort(53, 5353, "udp", host_ip="::1")))

    assert [*urls([Service("1", ServiceSpec("s_web", endpoint=ports))], Cluster())] == [
        "s_web: http://[::1]:8080",
        "s_web: udp [::1]:5353",
    ]


def test_all_addresses_of_ipv6_are_this_machine() -> None:
    ports = EndpointSpec(ports=(PublishedPort(80, 8080, host_ip="::"),))
    service = Service("1", ServiceSpec("s_web", endpoint=ports))

    assert [*urls([service], Cluster())] == ["s_web: http://[::1]:8080"]
    assert [*urls([service], Cluster(), "build.example")] == ["s_web: http://build.example:8080"]


def test_ports_of_nodes_are_at_the_nodes_with_tasks() -> None:
    ports = EndpointSpec(ports=(PublishedPort(80, 8080, mode="host"), PublishedPort(81, 8081)))
    service = Service("s", ServiceSpec("s_web", endpoint=ports))
    nodes = {f"n{one}": Node(f"n{one}", f"n{one}", address=f"127.0.0.{one}") for one in (1, 2, 3)}
    states = {"n1": TaskState.SHUTDOWN, "n2": TaskState.RUNNING, "n3": TaskState.RUNNING}
    tasks = {key: Task(key, "s", 0, service.spec.task, node_id=key, state=state) for key, state in states.items()}

    assert [*urls([service], Cluster(nodes, {"s": service}, tasks))] == [
        "s_web: http://127.0.0.2:8080",
        "s_web: http://127.0.0.3:8080",
        "s_web: http://127.0.0.1:8081",
    ]


def test_one_node_binds_its_ports_on_all_addresses() -> None:
    ports = EndpointSpec(ports=(PublishedPort(80, 8080, mode="host"),))
    service = Service("s", ServiceSpec("s_web", endpoint=ports))
    task = Task("t", "s", 1, service.spec.task, node_id="n", state=TaskState.RUNNING)
    cluster = Cluster({"n": Node("n", "n", address="127.0.0.1")}, {"s": service}, {"t": task})

    assert [*urls([service], cluster)] == ["s_web: http://127.0.0.1:8080"]
    assert [*urls([service], cluster, "build.example")] == ["s_web: http://build.example:8080"]


def test_an_engine_elsewhere() -> None:
    ports = (
        PublishedPort(80, 8080),
        PublishedPort(81, 8081, host_ip="127.0.0.1"),
        PublishedPort(82, 8082, host_ip="0.0.0.0"),
    )
    service = Service("s", ServiceSpec("s_web", endpoint=EndpointSpec(ports=ports)))

    assert [*urls([service], Cluster(), "build.example")] == [
        "s_web: http://build.example:8080",
        "s_web: http://127.0.0.1:8081 (only on build.example)",
        "s_web: http://build.example:8082",
    ]
