"""The computer that is examined."""

import os
import socket
import time
from pathlib import Path

from stackferry.translator.minikube.doctor.ask.computer import Computer, connect


def test_this_one() -> None:
    found = Computer()

    assert found.path("/proc/meminfo") == Path("/proc/meminfo")
    assert found.uid == os.geteuid()
    assert abs(found.now() - time.time()) < 60
    assert found.system
    assert found.system == found.system.lower()
    assert found.cpus() >= 1


def test_one_that_is_made_up(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cpuinfo").write_text("processor\t: 0\nflags\t: fpu\n\nprocessor\t: 1\n")

    assert Computer(tmp_path).path("/proc/cpuinfo") == tmp_path / "proc/cpuinfo"
    assert Computer(tmp_path).has("/proc/cpuinfo")
    assert not Computer(tmp_path).has("/proc/meminfo")
    assert Computer(tmp_path).cpus() == 2
    assert Computer(tmp_path / "nowhere").cpus() == os.cpu_count()


def test_a_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert connect("127.0.0.1", port, 60) == ""
    assert connect("127.0.0.1", port, 60) == f"127.0.0.1:{port}: Connection refused"
