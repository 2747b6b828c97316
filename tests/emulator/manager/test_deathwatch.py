import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.manager.deathwatch import Deathwatch

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="Linux only")


@pytest.fixture
def process() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as made:
        yield made
        made.kill()


def container(process: "subprocess.Popen[bytes]", proc: Path) -> ContainerInfo:
    """A container whose process this is, as `proc` says."""
    folder = proc / str(process.pid)
    folder.mkdir()
    (folder / "cgroup").write_text("0::/system.slice/docker-c1.scope\n")
    return ContainerInfo("c1", "web.1", "image", {}, status="running", pid=process.pid)


def test_the_end_of_a_process_is_told_of_once(process: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    told: list[str] = []
    news = threading.Event()
    watch = Deathwatch(lambda task: (told.append(task), news.set())[0], tmp_path)
    info = container(process, tmp_path)
    assert watch.strangers([info]) == [info]
    watch.follow("t1", info)
    assert watch.strangers([info]) == []
    assert not news.wait(0.05)

    process.kill()

    assert news.wait(10)
    assert told == ["t1"]
    assert watch.strangers([]) == []
    assert watch.strangers([info]) == [info]
    watch.close()


@pytest.mark.parametrize("changes", [{"id": "c2"}, {"pid": 0}, {"pid": 2**22 + 1}])
def test_a_process_that_is_not_the_containers_here_is_not_followed(
    changes: dict[str, object], process: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    watch = Deathwatch(lambda _: None, tmp_path)
    before = len(os.listdir("/proc/self/fd"))

    other = replace(container(process, tmp_path), **changes)  # type: ignore[arg-type]
    watch.follow("t1", other)

    assert len(os.listdir("/proc/self/fd")) == before
    assert watch.strangers([other]) == []


def test_nothing_stays_open(process: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    watch = Deathwatch(lambda _: None, tmp_path)
    watch.follow("t1", container(process, tmp_path))

    watch.close()

    for thread in threading.enumerate():
        if thread.name == "deathwatch":
            thread.join(10)
    assert len(os.listdir("/proc/self/fd")) == before
