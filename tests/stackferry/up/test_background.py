"""What `up -d` leaves running, as real processes: a manager that waits for an engine, and its supervisor."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stackferry.deploy.deploy import put_in_force
from stackferry.deploy.request import DeployRequest
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.manager.lock import manager_pid
from stackferry.emulator.manager.supervision import keeper
from stackferry.emulator.store.directories import Home, home
from stackferry.session import Session

UP = """
import os, sys
from stackferry.emulator.store.directories import home
from stackferry.session import Session
from stackferry.up import background
from stackferry.emulator.manager import background as forking
from stackferry.emulator.manager.presence import ensure_running
from functools import partial

forking.CALM = float(sys.argv[1])
session = Session(dict(os.environ))
ensure_running(home(os.environ, "shop"), "shop", os.environ, partial(background.be_manager, session, "shop"))
"""

pytestmark = pytest.mark.slow

PATIENCE = 90.0


def eventually(holds: Callable[[], object], log: Path | None = None) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, log.read_text(encoding="utf-8") if log else "did not come true"
        time.sleep(0.02)


class Left:
    """The stack `shop`, deployed, and what `up -d` leaves of itself."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.home: Home = home(environment, "shop")

    def up(self, calm: float = 0.0) -> None:
        """The fork alone: what comes before needs an engine."""
        words = [sys.executable, "-P", "-c", UP, str(calm)]
        subprocess.run(words, env=self.environment, check=True, timeout=PATIENCE)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "stackferry", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE)

    def manager(self, after: int = 0) -> int:
        eventually(lambda: manager_pid(self.home) not in (None, 0, after), self.home.log)
        return manager_pid(self.home) or 0

    def supervisor(self, after: int = 0) -> int:
        eventually(lambda: (there := keeper(self.home)) is not None and there.pid != after)
        there = keeper(self.home)
        return there.pid if there else 0

    def gone(self, *processes: int) -> bool:
        return not any(Path(f"/proc/{one}").exists() for one in processes)

    def close(self) -> None:
        for there in (keeper(self.home), manager_pid(self.home)):
            pid = there if isinstance(there, int) else there.pid if there else 0
            if pid:
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def left(here: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Left]:
    (here / "compose.yaml").write_text("services: {web: {image: nginx}}", encoding="utf-8")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{here}/away.sock")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(here))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    put_in_force(Session(dict(os.environ)), FakeEngine(VirtualClock(), images=["nginx"]), DeployRequest())
    made = Left(dict(os.environ))
    yield made
    made.close()


def test_a_killed_manager_comes_back_and_waits_for_its_engine(left: Left) -> None:
    left.up()
    first, supervisor = left.manager(), left.supervisor()
    eventually(lambda: b"supervisor.py" in Path(f"/proc/{supervisor}/cmdline").read_bytes())

    begun = time.monotonic()
    os.kill(first, signal.SIGKILL)
    second = left.manager(first)

    assert time.monotonic() - begun < 10.0
    assert left.supervisor() == supervisor
    assert f"(process {first}) was killed by signal 9: restarting it" in left.home.log.read_text(encoding="utf-8")
    assert left.run("manager", "stop", "shop").returncode == 0
    eventually(lambda: left.gone(second, supervisor), left.home.log)
    assert left.run("manager", "stop", "shop").returncode == 1


def test_so_it_does_while_the_supervisor_is_still_large(left: Left) -> None:
    left.up(calm=900.0)
    first, supervisor = left.manager(), left.supervisor()

    os.kill(first, signal.SIGKILL)
    left.manager(first)

    assert left.supervisor() == supervisor
    assert "restarting it" in left.home.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("calm", [0.0, 900.0])
def test_told_to_stop_both_end(left: Left, calm: float) -> None:
    left.up(calm)
    processes = (left.manager(), left.supervisor())

    # As it is told by hand, too: it may not have come as far as to hear of it.
    os.kill(processes[0], signal.SIGTERM)

    eventually(lambda: left.gone(*processes), left.home.log)
    assert "restarting it" not in left.home.log.read_text(encoding="utf-8")


def test_both_killed_is_told_and_mended(left: Left) -> None:
    left.up()
    first, supervisor = left.manager(), left.supervisor()
    for pid in (supervisor, first):
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: manager_pid(left.home) is None)

    told = left.run("-p", "shop", "services")
    assert told.returncode == 0
    assert "no manager of shop is running (the last one was killed" in told.stderr
    assert "warn  manager of shop: not running: failed tasks are not replaced" in left.run("doctor").stdout

    assert left.run("manager", "start", "shop").returncode == 0
    assert left.manager() != first
    assert left.supervisor() != supervisor
    assert left.run("-p", "shop", "services").stderr == ""


def test_many_that_start_it_at_once_have_one(left: Left) -> None:
    words = [sys.executable, "-P", "-m", "stackferry", "manager", "start", "shop"]
    commands = [subprocess.Popen(words, env=left.environment) for _ in range(4)]
    left.up()
    assert [one.wait(PATIENCE) for one in commands] == [0] * 4
    left.manager()
    log = left.home.log

    def processes() -> int:
        there = (path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists())
        mine = str(left.home.directory).encode()
        return sum(mine in words for words in there)

    # Of supervisors that are programs by now; that of `up` will be one.
    eventually(lambda: processes() == 1, log)
    eventually(lambda: log.read_text(encoding="utf-8").count("manager of shop, process") == 1, log)


def test_without_a_supervisor_what_is_killed_stays_dead(left: Left) -> None:
    left.environment["STACKFERRY_SUPERVISOR"] = "off"
    left.up()
    first = left.manager()
    assert keeper(left.home) is None

    os.kill(first, signal.SIGKILL)

    eventually(lambda: left.gone(first))
    assert manager_pid(left.home) is None
    assert "no manager of shop is running" in left.run("-p", "shop", "ls").stderr
