"""A machine for the tutorial: an empty engine, a registry with an account, and the alias of the page.

Everything runs in its own namespaces: the tutorial's ports and names are free there, and it may remove all containers
and images. Images are made from the host's busybox and `files/`.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.manager.lock import manager_pid
from stackferry.emulator.store.directories import home, stacks
from tests.engine.image import root
from tests.faults.engine import OwnEngine
from tests.tutorial.registry import ACCOUNT, configured
from tests.tutorial.terminal import LOOK, Terminal

FILES = Path(__file__).parent / "files"
REGISTRY = "localhost:5000"
WAIT = 180.0
"""Seconds for what happens by itself; a busy machine takes long."""
_ALIAS = "shopt -s expand_aliases\nalias docker=stackferry\n"
# The engine's socket where the tutorial has it; nothing on the host changes.
_SOCKET = "mount -t tmpfs tmpfs /run && touch /run/docker.sock && mount --bind {socket} /run/docker.sock"


class Machine:
    """Engine, registry and a folder with the tutorial's files. The folder's path is short, for sockets lie in it."""

    def __init__(self, folder: Path, registry: Path, busybox: Path) -> None:
        self.folder, self.work = folder, folder / "friendlyhello"
        shutil.copytree(FILES / "friendlyhello", self.work)
        for made in ("bin", "home"):
            (folder / made).mkdir()
        (folder / "bin" / "stackferry").write_text(f'#!/bin/sh\nexec {sys.executable} -P -m stackferry "$@"\n')
        (folder / "bin" / "stackferry").chmod(0o755)
        self.environment = {
            "HOME": str(folder / "home"),
            "PATH": f"{folder}/bin:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
        }
        self._registry: subprocess.Popen[bytes] | None = None
        self._own = OwnEngine(folder / "e")
        self.engine = DockerEngine(self._own.address)
        try:
            socket = self._own.address.removeprefix("unix://")
            subprocess.run(self._own.inside("sh", "-c", _SOCKET.format(socket=socket)), check=True)
            serve = self._own.inside(str(registry), "serve", str(configured(folder / "registry")))
            with (folder / "registry.log").open("ab") as log:
                self._registry = subprocess.Popen(serve, stdout=log, stderr=log)
            self.until(lambda: self.run(f"curl -s -o /dev/null http://{REGISTRY}/v2/").returncode == 0, "registry")
            self._make_images(root(busybox))
        except BaseException:
            self.close()
            raise

    def _make_images(self, busybox: bytes) -> None:
        """What the tutorial fetches: the base of its image, hello-world, and in the registry what its stack has."""
        self.engine.import_image("python:2.7-slim", busybox, ["ENV PATH=/bin"])
        self.engine.import_image("hello-world:latest", busybox, ['CMD ["echo", "Hello from Docker!"]', "ENV PATH=/bin"])
        # Somebody else's login, which is no longer there when the tutorial logs in.
        with self._logged_in() as environment:
            for name in ("redis:latest", "visualizer:stable"):
                image = f"{REGISTRY}/{name}"
                folder = FILES / name.partition(":")[0]
                for words in (["build", "-q", "-t", image, str(folder)], ["push", image]):
                    done = self._inside(["docker", *words], environment)
                    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"

    @contextlib.contextmanager
    def _logged_in(self) -> Iterator[dict[str, str]]:
        folder = self.folder / "login"
        environment = {**self.environment, "DOCKER_CONFIG": str(folder)}
        words = ["docker", "login", "-u", ACCOUNT[0], "--password-stdin", REGISTRY]
        done = self._inside(words, environment, ACCOUNT[1])
        assert done.returncode == 0, done.stderr
        yield environment
        shutil.rmtree(folder)

    def _at_work(self, *words: str) -> list[str]:
        # Who enters another's mounts is at their root.
        return self._own.inside("env", "-C", str(self.work), *words)

    def _inside(
        self, words: list[str], environment: dict[str, str], given: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._at_work(*words),
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=WAIT,
            check=False,
        )

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """Type a line into a shell that has the alias, and wait for its end."""
        return self._inside(["bash", "-c", _ALIAS + line], self.environment)

    def ok(self, line: str) -> str:
        """The same of a line that has to succeed; gives its output."""
        done = self.run(line)
        assert done.returncode == 0, f"{line}: {done.returncode}\n{done.stdout}{done.stderr}{self.log()}"
        return done.stdout

    @contextlib.contextmanager
    def terminal(self, line: str) -> Iterator[Terminal]:
        """Type a line at a terminal, and stay there."""
        it = Terminal(self._at_work("bash", "-c", _ALIAS + line), self.environment)
        try:
            yield it
        finally:
            it.close()

    def page(self, port: int, times: int = 1) -> str:
        """What browsers on this machine get from a port, so many at the same time; empty if nothing answers."""
        return self.run(f"for _ in $(seq {times}); do curl -4 -s -m 20 http://localhost:{port} & done; wait").stdout

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait for something that can be seen."""
        end = time.monotonic() + WAIT
        while not holds():
            assert time.monotonic() < end, f"{what}: not within {WAIT} s\n{self.log()}"
            time.sleep(LOOK)

    def forget_images(self) -> None:
        """Have no image of the tutorial's any more, as another machine has none."""
        self.run("docker image rm -f $(docker image ls -a -q)")

    def log(self) -> str:
        """The end of what the managers wrote."""
        texts = (home(self.environment, name).log for name in stacks(self.environment))
        return "".join(one.read_text(encoding="utf-8")[-2000:] for one in texts if one.exists())

    def close(self) -> None:
        """End everything: stacks with their managers, containers, the registry and the engine."""
        for name in list(stacks(self.environment)):
            self.run(f"docker stack rm {name}")
            if (pid := manager_pid(home(self.environment, name))) is not None:
                os.kill(pid, 9)
        with contextlib.suppress(Exception):
            for container in self.engine.containers({}):
                self.engine.remove(container.id)
        self.engine.close()
        if self._registry is not None:
            self._registry.terminate()
            self._registry.wait()
        self._own.close()
