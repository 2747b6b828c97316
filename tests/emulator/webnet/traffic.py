"""The stack of the traffic tests and their requests to it."""

import itertools
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stackferry.emulator.cluster.objects import Service, Task
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.webnet.desired_gates import ingress_gate, network_gate
from stackferry.emulator.webnet.image import missing_programs
from tests.engine.stack import Stack

APP = Path(__file__).with_name("app.py")

COMPOSE = """
x-stackferry: {{nodes: 2}}
services:
  web:
    image: {image}
    command: [/usr/bin/python3, -S, -E, /app.py]
    volumes: ["/usr:/usr:ro", "/lib:/lib:ro", "/lib64:/lib64:ro", "{app}:/app.py:ro"]
    environment: {{VERSION: "{version}"}}
    ports: ["127.0.0.1:{port}:80"]
    stop_grace_period: 5s
    healthcheck:
      test: [CMD, busybox, wget, -qO-, "http://127.0.0.1/"]
      interval: 500ms
      start_period: 30s
    deploy:
      replicas: {replicas}
      update_config: {{order: {order}, monitor: 500ms}}
      rollback_config: {{order: {order}, monitor: 500ms}}
    networks: {{front: {{aliases: [www]}}}}
  client:
    image: {image}
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1; done"]
    init: true
    stop_grace_period: 1s
    networks: [front]
  far:
    image: {image}
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1; done"]
    init: true
    stop_grace_period: 1s
    networks: [back]
networks:
  front:
  back: {{internal: true}}
"""


def skip_without_programs() -> None:
    if missing_programs():
        pytest.skip(f"no {', '.join(missing_programs())} here (`make engine`, as root, installs them)")
    if shutil.which("python3", path="/usr/bin") is None:
        pytest.skip("the app needs /usr/bin/python3, which is lent to its containers")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Traffic(Stack):
    def __init__(self, engine: DockerEngine, folder: Path, image: str) -> None:
        self.port = free_port()
        self.image = image
        super().__init__(engine, folder, "")
        self.put()

    def put(self, version: str = "1", replicas: int = 3, order: str = "stop-first") -> None:
        """Write the compose file."""
        fields = {"image": self.image, "app": APP, "port": self.port}
        self.write(COMPOSE.format(version=version, replicas=replicas, order=order, **fields))

    def service(self, key: str) -> Service:
        return next(one for one in self.cluster().services.values() if one.spec.name == f"{self.name}_{key}")

    @property
    def vip(self) -> str:
        return self.service("web").vips[f"{self.name}_front"]

    def tasks_of(self, key: str) -> list[Task]:
        wanted = self.service(key).id
        return [task for task in self.tasks() if task.service_id == wanted]

    def info(self, task: Task) -> ContainerInfo:
        found = self.engine.inspect(task.container_id)
        assert found is not None
        return found

    def gate(self) -> str:
        return network_gate(self.name, f"{self.name}_front")

    def ingress(self) -> str:
        return ingress_gate(f"{self.name}_web")

    def inside(self, key: str, command: str) -> str:
        """What a command says in the first task of a service."""
        done = self.engine.exec(self.tasks_of(key)[0].container_id, ["sh", "-c", command])
        return (done.stdout + done.stderr).decode()

    def in_turns(self, key: str) -> int:
        """How many tasks of a service the gate gives connections to."""
        chain = f"vip_{self.service(key).vips[f'{self.name}_front'].replace('.', '_')}"
        said = self.engine.exec(self.gate(), ["nft", "list", "chain", "ip", "stackferry", chain]).stdout.decode()
        return int(said.partition("numgen inc mod ")[2].split()[0])

    def settled(self, count: int) -> None:
        """Wait until so many tasks answer, in turn."""
        self.eventually(lambda: len({ask(self.vip) for _ in range(2 * count)}) == count)


def ask(host: str, port: int = 80, timeout: float = 5.0) -> str:
    """Who answers a new connection; empty if it fails."""
    try:
        with socket.create_connection((host, port), timeout) as link:
            link.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
            said = b""
            while piece := link.recv(4096):
                said += piece
    except OSError:
        return ""
    return said.rpartition(b"\r\n\r\n")[2].decode()


def ask_udp(host: str, link: socket.socket | None = None) -> str:
    """Who answers a datagram, from a new socket or from one that is there."""
    used = link or socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        used.settimeout(5)
        used.sendto(b"?", (host, 90))
        return used.recv(100).decode()
    finally:
        if link is None:
            used.close()


def in_turn(answers: list[str], count: int) -> bool:
    """Whether so many answered one after the other, always in the same order."""
    first = answers[:count]
    return len(set(first)) == count and all(
        one == two for one, two in zip(answers, itertools.cycle(first), strict=False)
    )


def seconds_until(holds: Callable[[], bool], limit: float = 20.0) -> float:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < limit
        time.sleep(0.005)
    return time.monotonic() - began
