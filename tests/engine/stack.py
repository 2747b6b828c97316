"""A test's own stack on the real engine, through the command line: its files, its state, its end."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from stackferry.emulator.cluster.labels import STACK, TASK_ID
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.manager.lock import manager_pid
from stackferry.emulator.manager.supervision import keeper
from stackferry.emulator.store.directories import Home, home
from stackferry.emulator.store.store import Store

LOOK = 0.02


class Stack:
    """One stack. `environment` gives it a state directory of its own."""

    def __init__(self, engine: DockerEngine, folder: Path, compose: str) -> None:
        self.engine = engine
        self.folder = folder
        self.name = f"sft{uuid.uuid4().hex[:8]}"
        self.environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state"), "COMPOSE_PROJECT_NAME": self.name}
        self.write(compose)

    def write(self, compose: str) -> None:
        (self.folder / "compose.yaml").write_text(compose, encoding="utf-8")

    @property
    def home(self) -> Home:
        return home(self.environment, self.name)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A command that runs beside the test."""
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "stackferry", *words],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, timeout: float = 90.0) -> subprocess.CompletedProcess[str]:
        process = self.start(*words)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"{words} took longer than {timeout} s: {out}\n{err}\n{self.log()}") from None
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def ok(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}\n{self.log()}"
        return done.stdout

    def log(self) -> str:
        return self.home.log.read_text(encoding="utf-8")[-4000:] if self.home.log.exists() else ""

    def cluster(self) -> Cluster:
        store = Store(self.home.database)
        try:
            return store.load()
        finally:
            store.close()

    def tasks(self, state: TaskState = TaskState.RUNNING) -> list[Task]:
        return [task for task in self.cluster().tasks.values() if task.state == state and task.wanted]

    def containers(self) -> list[ContainerInfo]:
        return self.engine.containers({STACK: self.name})

    def running(self) -> list[ContainerInfo]:
        """Those of tasks: gates of the network are not counted."""
        return [info for info in self.containers() if info.running and TASK_ID in info.labels]

    def eventually(self, holds: Callable[[], bool], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                tasks = "\n".join(
                    f"{self.cluster().task_name(task)} {task.desired}/{task.state} {task.error}"
                    for task in self.cluster().tasks.values()
                )
                raise AssertionError(f"did not come true in {seconds} s\n{tasks}\n{self.log()}")
            time.sleep(LOOK)

    def kill_supervisor(self) -> bool:
        """Nobody starts the manager again from now on."""
        there = keeper(self.home)
        if there and not there.unit:
            os.kill(there.pid, signal.SIGKILL)
        return there is not None

    def kill_manager(self, *, alone: bool = False) -> bool:
        """For good: with the supervisor, unless it is to be killed `alone`."""
        if not alone:
            self.kill_supervisor()
        pid = manager_pid(self.home)
        if pid:
            os.kill(pid, signal.SIGKILL)
        return bool(pid)

    def close(self) -> None:
        """End it by its own means, then by force; what only force could remove is the test's failure."""
        done = self.run("down", "-v", "-t", "0")
        left = [info.name for info in self.containers()]
        networks = [network.name for network in self.engine.networks({STACK: self.name})]
        for info in self.containers():
            self.engine.remove(info.id)
        for name in networks:
            self.engine.remove_network(name)
        self.kill_manager()
        assert (done.returncode, left, networks) == (0, [], []), done.stderr
