from stackferry.emulator.cluster.spec import PublishedPort
from stackferry.emulator.webnet.facts import Facts
from stackferry.emulator.webnet.ports import conflicts, publish
from tests.emulator.webnet.stack import cluster, service

OPEN = PublishedPort(80)


def published(found: object) -> list[list[int]]:
    return [[port.published for port in one.published] for one in found.services.values()]


def test_open_ports_get_numbers_and_keep_them() -> None:
    made = publish(
        cluster((service("a", "n", ports=(OPEN, PublishedPort(90, 30001))), service("b", "n", ports=(OPEN,)))), Facts()
    )

    assert published(made) == [[30000, 30001], [30002]]
    assert publish(made, Facts()) is made


def test_protocols_do_not_meet() -> None:
    made = publish(cluster((service("a", "n", ports=(OPEN, PublishedPort(80, protocol="udp"))),)), Facts())

    assert published(made) == [[30000, 30000]]


def test_a_number_that_somebody_else_holds_is_passed_over() -> None:
    made = publish(cluster((service("a", "n", ports=(OPEN,)),)), Facts())

    assert published(publish(made, Facts(taken=frozenset({(30000, "tcp")})))) == [[30001]]


def test_host_ports_are_the_tasks_own() -> None:
    made = publish(cluster((service("a", "n", ports=(PublishedPort(80, mode="host"),)),)), Facts())

    assert published(made) == [[0]]


def test_a_taken_port_in_swarms_words() -> None:
    ports = (PublishedPort(80, 8080),)
    made = publish(cluster((service("a", "n", ports=ports), service("b", "n", ports=ports))), Facts())

    assert conflicts(made) == {"b-id": "port '8080' is already in use by service 's_a' (a-id) as an ingress port"}
