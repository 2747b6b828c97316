"""The harness's own Docker Engine, which may be stopped and killed: no foreign containers run on it.

It runs in a network and a mount namespace that outlive it, as those of a machine do. The containerd of its containers
outlives it, too, as when systemd starts both.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.protocol import EngineError

LOOK = 0.05

_CGROUP = f"sf-{os.getpid()}"
_CONTAINERD = 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n'

_NAMESPACES = """set -e
ip link set lo up
mkdir -p "$0/cg"; mount --rbind /sys/fs/cgroup "$0/cg"; mount -t sysfs sysfs /sys
mount --rbind "$0/cg" /sys/fs/cgroup; umount -l "$0/cg"
touch "$0/ready"; exec sleep infinity
"""


class OwnEngine:
    """One dockerd with all its state under a short path. `address` is what DOCKER_HOST is to say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"unix://{folder}/d.sock"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "daemon.json").write_text("{}", encoding="utf-8")
        self._holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "--propagation", "slave", "bash", "-c", _NAMESPACES, str(folder)],
            start_new_session=True,
        )
        _until((folder / "ready").exists, 10, "namespaces")
        (folder / "containerd.toml").write_text(_CONTAINERD, encoding="utf-8")
        self._containerd = self._spawn(
            *("containerd", "--config", f"{folder}/containerd.toml", "--address", f"{folder}/c.sock"),
            *("--root", f"{folder}/cd", "--state", f"{folder}/cs", "--log-level", "error"),
        )
        _until((folder / "c.sock").exists, 30, "containerd")
        self._dockerd: subprocess.Popen[bytes] | None = None
        self.start()

    def inside(self, *words: str) -> list[str]:
        """The command line that runs another where this engine lives, and its published ports are."""
        return ["nsenter", "--target", str(self._holder.pid), "--net", "--mount", "--", *words]

    def _spawn(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                self.inside(*words), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def start(self) -> None:
        """Have it run, and wait until it answers."""
        folder = self.folder
        for name in ("d.sock", "d.pid"):
            (folder / name).unlink(missing_ok=True)
        self._dockerd = self._spawn(
            *("dockerd", "--config-file", f"{folder}/daemon.json", "--host", self.address),
            *("--containerd", f"{folder}/c.sock", "--data-root", f"{folder}/data"),
            *("--exec-root", f"{folder}/exec", "--pidfile", f"{folder}/d.pid", "--log-level", "warn"),
            *("--exec-opt", "native.cgroupdriver=cgroupfs", "--cgroup-parent", f"/{_CGROUP}"),
        )
        try:
            _until(self.answers, 120, "dockerd")
        except TimeoutError as error:
            lines = (folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
            ended = f"it ended with {self._dockerd.poll()}"
            raise TimeoutError("\n".join((str(error), ended, *lines))) from None

    def answers(self) -> bool:
        """Whether it can be used."""
        client = DockerEngine(self.address)
        try:
            client.version()
        except EngineError:
            return False
        finally:
            client.close()
        return True

    def end(self, number: signal.Signals) -> None:
        """Send it a signal that ends it, and wait for that."""
        assert self._dockerd is not None
        self._dockerd.send_signal(number)
        self._dockerd.wait(60)

    def close(self) -> None:
        """End it and whatever it left: its containerd, and the namespaces."""
        if self._dockerd is not None and self._dockerd.poll() is None:
            self.end(signal.SIGTERM)
        for process in (self._containerd, self._holder):
            process.kill()
            process.wait()
        # The kernel keeps them, empty, until somebody removes them.
        for top in (Path("/sys/fs/cgroup") / _CGROUP, *Path("/sys/fs/cgroup").glob(f"*/{_CGROUP}")):
            for place, _, _ in os.walk(top, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(place)
        shutil.rmtree(self.folder, ignore_errors=True)


def _until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(LOOK)
