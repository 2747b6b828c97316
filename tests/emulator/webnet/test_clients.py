"""The client address that tasks see: outside clients' own, the gate's for neighbours and 127.0.0.1; no time-outs."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path
from typing import Self

import pytest

from stackferry.emulator.cluster.labels import HELPER
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.webnet.desired_gates import ingress_gate
from stackferry.emulator.webnet.image import ensure_image
from stackferry.emulator.webnet.return_helper import ReturnRefusedError, mark
from stackferry.emulator.webnet.return_path import ReturnPath
from tests.emulator.webnet.outside import PEER, Outside, answers
from tests.emulator.webnet.traffic import free_port, in_turn, skip_without_programs
from tests.engine.stack import Stack

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.geteuid() != 0, reason="only root may lay a cable")]

SERVES = """
    image: {image}
    command: [sh, -c, 'exec /usr/bin/python3 -S -E /peer.py serve "$$(hostname)" /tmp/ready']
    volumes: ["/usr:/usr:ro", "/lib:/lib:ro", "/lib64:/lib64:ro", "{peer}:/peer.py:ro"]
    stop_grace_period: 2s
    healthcheck: {{test: [CMD, "test", -e, /tmp/ready], interval: 500ms, start_period: 60s}}"""

COMPOSE = f"""
services:
  web:{SERVES}
    ports: ["{{port}}:80", "{{port}}:80/udp"]
    deploy: {{{{replicas: 3}}}}
    networks: [front]
  two:{SERVES}
    ports: ["{{second}}:80", "{{second}}:80/udp"]
    sysctls: {{{{net.ipv4.conf.all.rp_filter: 1}}}}
    networks: [{{ways}}]
  client:{SERVES}
    networks: [front]
networks:
  front:
  another:
  back:
"""


class Seen(Stack):
    """A stack whose services tell whom they see."""

    def __init__(self, engine: DockerEngine, folder: Path, image: str) -> None:
        self.port, self.second, self.image = free_port(), free_port(), image
        self.outside = Outside()
        super().__init__(engine, folder, "")
        self.put("back")

    def put(self, ways: str) -> None:
        """Write the compose file. `ways`: the networks of the service `two`."""
        fields = {"port": self.port, "second": self.second, "ways": ways}
        self.write(COMPOSE.format(image=self.image, peer=PEER, **fields))

    def rows(self, key: str) -> list[dict[str, str]]:
        rows = [json.loads(line) for line in self.ok("webnet", "--no-stream", "--format", "json", key).splitlines()]
        return [row for row in rows if row["State"] == "in rotation"]

    def sees(self, key: str, *words: str) -> bool:
        """Whether that is what all its tasks in rotation see, as `webnet` tells."""
        return [row["Sees"] for row in self.rows(key)] == [*words]

    def gate(self, key: str) -> ContainerInfo:
        found = self.engine.inspect(ingress_gate(f"{self.name}_{key}"))
        assert found is not None
        return found

    def inside(self, key: str, *command: str) -> str:
        service = next(one for one in self.cluster().services.values() if one.spec.name == f"{self.name}_{key}")
        task = next(one for one in self.tasks() if one.service_id == service.id)
        done = self.engine.exec(task.container_id, command)
        return (done.stdout + done.stderr).decode()

    def close(self) -> None:
        self.outside.close()
        super().close()


@pytest.fixture(scope="module")
def seen(engine: DockerEngine, image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    skip_without_programs()
    found = Seen(engine, tmp_path_factory.mktemp("clients"), image)
    try:
        found.ok("up", "-d", "-q")
        found.eventually(lambda: found.sees("web", "client", "client", "client"))
        yield found
    finally:
        found.close()


def test_a_client_elsewhere_is_seen_and_the_turns_are_strict(seen: Seen) -> None:
    for kind in ("tcp", "udp"):
        told = seen.outside.ask(seen.port, 9, kind)

        assert {sees for _, sees in told} == {seen.outside.client}, told
        assert in_turn([who for who, _ in told], 3), told


def test_this_host_is_seen_by_the_address_that_it_dials_and_others_as_the_gate(seen: Seen) -> None:
    gate = seen.gate("web").addresses[f"{seen.name}_front"]

    def here(host: str, kinds: str = "tcp") -> set[str]:
        command = [sys.executable, "-S", "-E", str(PEER), "ask", host, str(seen.port), "3", kinds]
        return {sees for _, sees in answers(subprocess.run(command, capture_output=True, text=True, check=True).stdout)}

    assert here(seen.outside.host) == here(seen.outside.host, "udp") == {seen.outside.host}
    assert here("127.0.0.1") == {gate}
    for key in ("client", "web"):
        asked = ("/usr/bin/python3", "-S", "-E", "/peer.py", "ask", seen.outside.host, str(seen.port), "4", "tcp")
        assert {sees for _, sees in answers(seen.inside(key, *asked))} == {gate}, key


def test_in_two_networks_with_the_strict_check_nothing_times_out(seen: Seen) -> None:
    """Connections come as they are. A datagram's answer would have the other network's address: it sees the gate."""
    seen.eventually(lambda: seen.sees("two", "client"))
    assert {sees for _, sees in seen.outside.ask(seen.second, 2, "tcp,udp")} == {seen.outside.client}
    # The gate stays where it is. The usual way out is the first network by its name.
    seen.put("another, back")
    seen.ok("up", "-d", "-q")
    seen.eventually(lambda: seen.sees("two", "client (tcp)"))

    assert {sees for _, sees in seen.outside.ask(seen.second, 2)} == {seen.outside.client}
    assert {sees for _, sees in seen.outside.ask(seen.second, 2, "udp")} == {
        seen.gate("two").addresses[f"{seen.name}_back"]
    }


def test_a_gate_that_was_killed_is_as_before_at_once(seen: Seen) -> None:
    before = seen.gate("web")
    os.kill(before.pid, signal.SIGKILL)
    seen.eventually(lambda: seen.gate("web").running and seen.gate("web").pid != before.pid)
    seen.eventually(lambda: seen.outside.ask(seen.port)[0][0] != "")

    assert seen.gate("web").addresses == before.addresses
    told = seen.outside.ask(seen.port, 6)
    assert {sees for _, sees in told} == {seen.outside.client}, told
    assert len({who for who, _ in told}) == 3


class Asking:
    """Asks from elsewhere, over and over, until the end of the block."""

    def __init__(self, seen: Seen) -> None:
        self.seen, self.over = seen, threading.Event()
        self.told: list[tuple[str, str]] = []
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        while not self.over.is_set():
            self.told += self.seen.outside.ask(self.seen.port, 20)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()


def test_a_task_restarted_by_hand_never_leaves_a_client_waiting(seen: Seen) -> None:
    task = next(one for one in seen.tasks() if one.endpoint.ports and f"{seen.name}_front" in one.addresses)
    with Asking(seen) as asking:
        seen.engine.stop(task.container_id, grace=1)
        seen.engine.start(task.container_id)
        seen.eventually(lambda: len(seen.rows("web")) == 3)
        seen.eventually(lambda: seen.sees("web", "client", "client", "client"))

    # Its process is gone for a moment; that is told at once.
    assert not [one for one in asking.told if "timed out" in one[1]], asking.told
    gate = seen.gate("web").addresses[f"{seen.name}_front"]
    assert {sees for who, sees in asking.told if who} <= {seen.outside.client, gate}


def test_a_manager_that_begins_finds_out_and_nobody_waits(seen: Seen) -> None:
    with Asking(seen) as asking:
        seen.kill_manager()
        seen.ok("up", "-d", "-q")
        seen.eventually(lambda: seen.sees("web", "client", "client", "client"))

    assert {who for who, _ in asking.told} >= {one for one, _ in seen.outside.ask(seen.port, 3)}
    assert not [one for one in asking.told if not one[0]], asking.told
    assert seen.engine.containers({HELPER: "", "io.stackferry.stack": seen.name}) == []


def test_a_helper_that_fails_says_why_and_leaves_nothing(seen: Seen) -> None:
    """Its task has no way out at all."""
    name = f"{seen.name}.lost"
    body = {
        "Image": seen.image,
        "Cmd": ["sh", "-c", "busybox ip route del default && touch /tmp/ready && sleep 300"],
        "HostConfig": {"NetworkMode": f"{seen.name}_back", "CapAdd": ["NET_ADMIN"]},
    }
    seen.engine.create(name, body)
    try:
        seen.engine.start(name)
        seen.eventually(lambda: seen.engine.exec(name, ["test", "-e", "/tmp/ready"]).exit_code == 0)
        info = seen.engine.inspect(name)
        assert info is not None
        path = ReturnPath("lost", info.id, IPv4Address(info.addresses[f"{seen.name}_back"]), IPv4Address("10.0.0.1"))

        with pytest.raises(ReturnRefusedError, match="there is no default route"):
            mark(seen.engine, seen.name, ensure_image(seen.engine), "lost", path)
        seen.eventually(lambda: seen.engine.containers({HELPER: "lost"}) == [])
    finally:
        seen.engine.remove(name)


def test_strictly_as_a_swarm_everybody_is_the_gate(seen: Seen) -> None:
    seen.ok("up", "-d", "-q", "--strict-swarm")
    try:
        seen.eventually(lambda: seen.sees("web", "gate", "gate", "gate"))

        assert {sees for _, sees in seen.outside.ask(seen.port, 3)} == {
            seen.gate("web").addresses[f"{seen.name}_front"]
        }
    finally:
        seen.ok("up", "-d", "-q")
    seen.eventually(lambda: seen.sees("web", "client", "client", "client"))
