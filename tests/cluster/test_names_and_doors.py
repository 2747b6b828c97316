"""Stacks of fixtures/cluster on a node: how peers and outside clients reach services."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cluster.converted import bring_up
from tests.cluster.kube import Kube, wait_until
from tests.cluster.promises import Promises, door, fetch, is_answered
from tests.cluster.test_stacks import STACKS, started


def variables(node: Kube, service: str) -> dict[str, str]:
    """What a container of the service has in its environment."""
    lines = wait_until(lambda: node.shell(service, "env").out, f"{service} runs").splitlines()
    return dict(line.partition("=")[::2] for line in lines)


def test_names_are_rewritten_where_they_are_hosts(node: Kube) -> None:
    started(node, "voting")
    stack = Promises(node)
    stack.soon("the worker found all three", lambda: node.logs("worker") == "redis\ndb\ndb\n", 90)
    stack.soon("a door", lambda: fetch(door(node, "vote-web", 80)) == "vote\n")
    stack.soon("another door", lambda: fetch(door(node, "vote-result", 80)) == "result\n")
    expected = {
        "URL": "postgres://vote_db:p@vote-db/vote_db?sslmode=disable",
        "DSN": "host=vote-db port=5432 user=vote_db dbname=vote_db",
        "NET": "Server=vote-db;Database=vote_db",
        "JDBC": "jdbc:postgresql://vote-db:5432/vote_db",
        "GO": "root:vote_db@tcp(vote-db:3306)/vote_db",
        "WAIT_HOSTS": "vote-db:5432, vote-redis:6379",
        "IPV6": "http://[::1]:5432/vote_db",
        "LONGER": "my_vote_db vote_db_backup vote_db.example.com pre-vote_db",
        "POSTGRES_DB": "vote_db",
    }
    stack.now("the texts", lambda: variables(node, "vote-result").items() >= expected.items())
    stack.now("nothing was restarted", lambda: not any(map(node.restarts, ("worker", "vote-db", "vote-redis"))))
    stack.kept()


def test_two_programs_are_reached_by_the_doors_of_their_tunnel(node: Kube) -> None:
    started(node, "tunnel")
    stack = Promises(node)
    stack.soon("a door", lambda: fetch(door(node, "tunnel", 8080)) == "torrent\n")
    stack.soon("the other door", lambda: fetch(door(node, "tunnel", 8989)) == "torrent\n")
    stack.answers("client", "$INDEXER", "torrent")
    stack.answers("client", "$TORRENT", "torrent")
    stack.now("one pod", lambda: len(node.each("Pod")) == 2)
    stack.now("nothing was restarted", lambda: not node.restarts("tunnel"))
    stack.kept()


def test_replicas_are_called_by_slot_and_by_task(node: Kube) -> None:
    started(node, "replicas")
    stack = Promises(node)
    for slot in range(1, 5):
        stack.answers("monitor", f"http://minio{slot}:9000", f"slot {slot}\n")
    for url in ("$FIRST", "$WHOLE", "$EACH"):
        stack.answers("monitor", url, "slot ")
    stack.now("what is asked for each task", lambda: "names: [minio-tasks]" in node.shell("monitor", "cat /*.yml").out)
    stack.soon("each task", lambda: node.shell("monitor", "nslookup minio-tasks").out.count("Name:") == 4)
    node.delete_pods("minio")
    stack.soon("each slot finds its own volume", lambda: _starts(node) == ["1 1", "2 2", "3 3", "4 4"], 90)
    stack.answers("monitor", "http://minio3:9000", "slot 3\n")
    stack.kept()


def _starts(node: Kube) -> list[str]:
    return sorted(
        " ".join(node.kubectl("exec", pod, "--", "cat", "/export/starts").out.split()) for pod in node.ready("minio")
    )


def test_a_proxy_finds_its_peers_by_its_file(node: Kube) -> None:
    started(node, "proxies")
    stack = Promises(node)
    for path, expected in (("", "php_fpm\n"), ("direct/", "direct\n"), ("api/", "api\n")):
        stack.soon(f"/{path}", lambda path=path, expected=expected: fetch(door(node, "proxy", 80) + path) == expected)
    stack.now("the proxy came once", lambda: not node.restarts("proxy"))
    stack.kept()


def test_every_door_is_the_one_that_was_asked_for(node: Kube) -> None:
    said = started(node, "hosts").said
    stack = Promises(node)
    host = f"http://{node.cluster.address[0]}"
    for number in (30041, 30042, 30044):
        stack.soon(f"port {number}", lambda number=number: fetch(f"{host}:{number}/") == "web\n")
    for number in (30043, 8006):
        stack.now(f"port {number} is nobody else's", lambda number=number: not is_answered(f"{host}:{number}/"))
    (published,) = [one for one in node.each("Service") if one["spec"]["type"] == "NodePort"]
    ports = {(one["port"], one["protocol"]): one["nodePort"] for one in published["spec"]["ports"]}
    stack.now("a port of UDP", lambda: ports[30047, "UDP"] == 30047)
    for number in (8005, 8000):
        stack.soon(f"port {number}", lambda number=number: fetch(f"{host}:{ports[number, 'TCP']}/") == "web\n")
    stack.now("how to reach what is not exposed", lambda: said.count("kubectl --context test port-forward") >= 2)
    stack.now("no door to the loopback", lambda: ":30043" not in said)
    stack.kept()


def test_datagrams_find_their_server_and_its_next_pod(node: Kube) -> None:
    started(node, "datagrams")
    stack = Promises(node)
    host = node.cluster.address[0]
    stack.soon("from outside", lambda: "10.9.8.7" in _asked(host, 30048))
    node.delete_pods("resolver")
    stack.soon("from outside, of the next pod", lambda: "10.9.8.7" in _asked(host, 30048), 60)
    stack.soon("a peer by name", lambda: node.shell("client", "nc -w 2 resolver 5300 </dev/null").code == 0)
    stack.kept()


_QUESTION = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x05found\x07example\x00\x00\x01\x00\x01"
"""A DNS query for the address of found.example (RFC 1035, section 4.1)."""


def _asked(host: str, port: int) -> str:
    """The address in the answer to it by UDP; empty if none comes within a second."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(1)
        asking.connect((host, port))
        try:
            asking.send(_QUESTION)
            return ".".join(map(str, asking.recv(512)[-4:]))
        except OSError:
            return ""


def test_an_update_loses_nothing(node: Kube) -> None:
    started(node, "rollout")
    stack = Promises(node)
    node.rollout()
    doors = [door(node, service, 8080) for service in ("web", "single") for _ in range(2)]
    with clients(doors) as lost:
        bring_up(node, STACKS / "rollout", environment={"V": "2"})
        stack.soon("the update is out", lambda: {fetch(url) for url in doors} == {"2\n"} and not node.unfinished())
        stack.soon("the old pods are gone", lambda: len(node.pods("web")) == 2 and len(node.pods("single")) == 1)
    stack.now(f"lost from outside: {lost}", lambda: not lost)
    stack.now("nothing lost inside", lambda: "LOST" not in node.logs("client") and not node.restarts("client"))
    stack.kept()


@contextmanager
def clients(urls: list[str]) -> Iterator[list[str]]:
    """One client a URL asks without a pause; what it does not get is in the list."""
    lost: list[str] = []
    end = threading.Event()

    def ask(url: str) -> None:
        while not end.is_set():
            try:
                fetch(url)
            except OSError as error:
                lost.append(f"{url}: {error}")

    threads = [threading.Thread(target=ask, args=(url,)) for url in urls]
    for thread in threads:
        thread.start()
    try:
        yield lost
    finally:
        end.set()
        for thread in threads:
            thread.join()
