"""Datagrams without a backend do not block later ones: the kernel identifies a flow by its first datagram."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from tests.emulator.webnet.traffic import Traffic, ask_udp, free_port, skip_without_programs

pytestmark = pytest.mark.slow


class Datagrams(Traffic):
    """The traffic's stack with a published UDP port."""

    udp_port = 0

    def write(self, compose: str) -> None:
        self.udp_port = self.udp_port or free_port()
        super().write(compose.replace(':80"]', f':80", "127.0.0.1:{self.udp_port}:90/udp"]'))


@pytest.fixture(scope="module")
def datagrams(engine: DockerEngine, image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datagrams]:
    skip_without_programs()
    found = Datagrams(engine, tmp_path_factory.mktemp("strays"), image)
    try:
        found.put(replicas=1)
        found.ok("up", "-d", "-q")
        yield found
    finally:
        found.close()


class Sender:
    """A client that goes on sending from one socket, answered or not."""

    def __init__(self, host: str, port: int) -> None:
        self.link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.link.settimeout(0.05)
        self.to = (host, port)
        self.answered = 0.0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.02):
            with suppress(OSError):
                self.link.sendto(b"?", self.to)
                if self.link.recv(100):
                    self.answered = time.monotonic()


@contextmanager
def senders(stack: Datagrams) -> Iterator[list[Sender]]:
    """To the VIP, to the published port, and there where the engine leads who comes from elsewhere."""
    gate = stack.engine.inspect(stack.ingress())
    assert gate is not None
    ways = (stack.vip, 90), ("127.0.0.1", stack.udp_port), (gate.addresses[f"{stack.name}_front"], stack.udp_port)
    found = [Sender(*way) for way in ways]
    threads = [threading.Thread(target=sender.run) for sender in found]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        for sender, thread in zip(found, threads, strict=True):
            sender.over.set()
            thread.join()
            sender.link.close()


def all_answered(found: list[Sender], after: float) -> bool:
    return all(one.answered > after for one in found)


def test_who_sent_while_nobody_was_there_is_answered_when_somebody_is(datagrams: Datagrams) -> None:
    datagrams.ok("scale", "web=0")
    datagrams.eventually(lambda: not datagrams.tasks_of("web") or all(one.ended for one in datagrams.tasks_of("web")))
    with senders(datagrams) as found:
        began = time.monotonic()
        time.sleep(0.5)  # they are to have sent something that nobody answered
        datagrams.ok("scale", "web=1")

        datagrams.eventually(lambda: all_answered(found, began))


def test_who_sends_while_the_gates_come_back_is_answered_again(datagrams: Datagrams) -> None:
    datagrams.eventually(lambda: ask_udp(datagrams.vip) != "")
    with senders(datagrams) as found:
        datagrams.eventually(lambda: all_answered(found, 0))
        for _ in range(5):
            for gate in (datagrams.gate(), datagrams.ingress()):
                datagrams.engine.kill(gate)
            killed = time.monotonic()
            datagrams.eventually(lambda: all_answered(found, killed + 0.5))  # noqa: B023 - called at once
