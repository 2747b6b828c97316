"""Real connections through real gates."""

import collections
import socket
import time

import pytest

from tests.emulator.webnet.traffic import Traffic, ask, ask_udp, in_turn

pytestmark = pytest.mark.slow


def test_connections_go_to_the_tasks_in_turn(traffic: Traffic) -> None:
    assert in_turn([ask(traffic.vip) for _ in range(9)], 3)
    assert in_turn([ask("127.0.0.1", traffic.port) for _ in range(9)], 3)


def test_datagrams_of_new_sockets_go_in_turn_and_a_socket_stays(traffic: Traffic) -> None:
    links = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(9)]
    try:
        assert in_turn([ask_udp(traffic.vip, link) for link in links], 3)
        assert len({ask_udp(traffic.vip, links[0]) for _ in range(20)}) == 1
    finally:
        for link in links:
            link.close()


def test_three_thousand_connections_are_spread_evenly(traffic: Traffic) -> None:
    answers = collections.Counter(ask(traffic.vip) for _ in range(3000))

    assert len(answers) == 3
    assert all(abs(count - 1000) <= 10 for count in answers.values()), answers


def test_names(traffic: Traffic) -> None:
    tasks = {next(iter(task.addresses.values())) for task in traffic.tasks_of("web")}

    def addresses(name: str) -> set[str]:
        said = traffic.inside("client", f"busybox nslookup -type=a {name}")
        return {line.split()[-1] for line in said.partition("Name:")[2].splitlines() if line.startswith("Address")}

    for name in ("web", f"{traffic.name}_web", "www", "WEB"):
        assert addresses(name) == {traffic.vip}, name
    for name in ("tasks.web", f"tasks.{traffic.name}_web", "tasks.www"):
        assert addresses(name) == tasks, name
    for name in ("far", "tasks.far", "tasks.nobody", "nobody"):
        assert addresses(name) == set(), name
    first = traffic.tasks_of("web")[0]
    assert addresses(traffic.cluster().task_name(first)) == set(first.addresses.values())


def test_a_task_reaches_its_own_service(traffic: Traffic) -> None:
    for task in traffic.tasks_of("web"):
        done = traffic.engine.exec(
            task.container_id, ["sh", "-c", "for i in 1 2 3; do busybox wget -qO- http://web/; echo; done"]
        )

        assert in_turn(done.stdout.decode().split(), 3), done


def test_a_state_with_the_same_rules_keeps_the_turns(traffic: Traffic) -> None:
    again = (
        "busybox rm -rf /tmp/a && mkdir -p /tmp/a && cp -r /state/now/. /tmp/a && : >/tmp/a/dead && "
        "tar c -C /tmp/a -f /tmp/t . && { echo apply $(busybox wc -c </tmp/t); cat /tmp/t; } | sh /gate.sh control"
    )
    answers = []
    for _ in range(4):
        answers += [ask(traffic.vip), ask(traffic.vip)]
        done = traffic.engine.exec(traffic.gate(), ["sh", "-c", again])
        assert b"= 0" in done.stdout, done

    assert in_turn(answers, 3)


def test_a_service_that_changes_keeps_the_turns_of_the_others(traffic: Traffic) -> None:
    answers = []
    for count in (2, 3, 1):
        answers += [ask(traffic.vip), ask(traffic.vip)]
        traffic.ok("scale", f"client={count}")
        traffic.eventually(lambda count=count: traffic.in_turns("client") == count)
    answers += [ask(traffic.vip) for _ in range(3)]

    assert in_turn(answers, 3)


def test_the_port_answers_on_every_node(traffic: Traffic) -> None:
    assert ask("127.0.0.1", traffic.port)
    assert ask("127.0.0.2", traffic.port)
    assert ask("127.0.0.3", traffic.port) == ""


def test_other_networks_reach_nothing(traffic: Traffic) -> None:
    for target in (traffic.vip, *traffic.tasks_of("web")[0].addresses.values()):
        said = traffic.inside("far", f"busybox timeout 1 busybox nc {target} 80 </dev/null; echo code $?")

        assert "code 0" not in said, said
    # Not through a gate that is in its network, either.
    gate = traffic.engine.inspect(f"{traffic.name}.gate.{traffic.name}_back")
    assert gate is not None
    assert gate.addresses.keys() == {f"{traffic.name}_back"}


def test_a_gate_forwards_nothing_but_what_it_balances(traffic: Traffic) -> None:
    done = traffic.engine.exec(traffic.gate(), ["nft", "list", "chain", "ip", "stackferry", "through"])

    assert "policy drop" in done.stdout.decode()


def test_nobody_there_is_refused_at_once(traffic: Traffic) -> None:
    traffic.ok("scale", "web=0")
    try:
        for host, port in ((traffic.vip, 80), (traffic.vip, 4711)):
            began = time.monotonic()
            with pytest.raises(ConnectionRefusedError), socket.create_connection((host, port), 5):
                pass
            assert time.monotonic() - began < 0.5
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.connect((traffic.vip, 90))
            link.settimeout(2)
            link.send(b"?")
            with pytest.raises(ConnectionRefusedError):
                link.recv(10)
        # The name stays: it is the service that has no task, not the network that has no service.
        assert traffic.vip in traffic.inside("client", "busybox nslookup -type=a web")
    finally:
        traffic.ok("scale", "web=3")
    traffic.settled(3)
