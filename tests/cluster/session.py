"""Starts a cluster once for all test processes that use it, and stops it when the last of them exits.

Each level has a folder under /tmp. Under its lock, the processes that use the cluster are recorded; the first one
starts it, the last one stops it. A cluster whose users are all dead is left from a killed run and is removed before
the next start. Run as a program, it keeps a cluster until Ctrl-C: python tests/cluster/session.py node
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.cluster import build, images

HERE = Path(__file__).resolve().parent
PATIENCE = 600
"""Seconds that a start may take, and that another checkout's tests are waited for."""

NODE_NEEDS = {
    "containerd": "containerd",
    "runc": "runc",
    "iptables": "iptables",
    "conntrack": "conntrack",
    "ip": "iproute2",
    "busybox": "busybox-static",
    "openssl": "openssl",
}
"""The commands that a node is made of, and the Debian package of each."""


class ClusterError(Exception):
    """A cluster did not start; the message says where its logs are."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster: its folder, and what a test needs to speak to it."""

    level: str
    run: Path

    @property
    def kubectl(self) -> Path:
        return build.KUBERNETES.path / "kubectl"

    @property
    def kubeconfig(self) -> Path:
        return self.run / "pki" / "admin.kubeconfig"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the API server; a node's node ports are at the same host."""
        if self.level == "node":
            return "10.211.7.2", 6443
        return "127.0.0.1", int((self.run / "port").read_text("utf-8"))


def unavailable(level: str) -> str | None:
    """Why there can be no cluster of `level` now, in one line, or None."""
    if not build.built(level):
        return "no Kubernetes is built here: make test-cluster (Go, minutes)"
    if level == "node":
        if os.geteuid():
            return "only root can start a node of Kubernetes"
        missing = sorted(package for name, package in NODE_NEEDS.items() if shutil.which(name, path=_path()) is None)
        if missing:
            return f"a node of Kubernetes needs {' '.join(missing)}: make test-cluster installs it"
        if not Path("/sys/fs/cgroup/memory").is_dir():
            return "a node of Kubernetes is tried with cgroup v1 only"
    elif shutil.which("openssl") is None:
        return "an API server needs openssl for its certificates"
    return None


@contextlib.contextmanager
def cluster(level: str) -> Iterator[Cluster]:
    """The cluster of `level`, for as long as this process wants it."""
    here = Cluster(level, Path(tempfile.gettempdir()) / f"stackferry-cluster-{os.geteuid()}" / level)
    here.run.mkdir(parents=True, exist_ok=True)
    me = here.run / "users" / str(os.getpid())
    _enter(here, me)
    try:
        yield here
    finally:
        with _lock(here):
            me.unlink(missing_ok=True)
            if not _users(here):
                _script(here, "down.sh")


def _enter(here: Cluster, me: Path) -> None:
    wanted, end = _made_of(here.level), time.monotonic() + PATIENCE
    while True:
        with _lock(here):
            mine = here.run / "made-of"
            up = (here.run / "level").exists()
            if not _users(here) or not up:
                _start(here)
                mine.write_text(wanted, "utf-8")
                up = True
            if mine.read_text("utf-8") == wanted:
                me.parent.mkdir(exist_ok=True)
                me.write_text(_born(os.getpid()) or "", "utf-8")
                return
        if time.monotonic() > end:
            raise ClusterError(f"another checkout has used {here.run} for {PATIENCE} s")
        time.sleep(0.5)


def _start(here: Cluster) -> None:
    _script(here, "down.sh")
    shutil.rmtree(here.run / "log", ignore_errors=True)
    ports = dict(zip(("API_PORT", "ETCD_PORT", "PEER_PORT"), map(str, _free_ports(3)), strict=True))
    (here.run / "port").write_text(ports["API_PORT"], "utf-8")
    held = images.system() if here.level == "node" else ""
    try:
        _script(here, "up.sh", here.level, IMAGES=str(held), **ports)
    except ClusterError:
        _script(here, "down.sh")
        raise


def _script(here: Cluster, name: str, *words: str, **settings: str) -> None:
    environment = {
        **os.environ,
        "PATH": _path(),
        "RUN": str(here.run),
        "PROGRAMS": str(build.KUBERNETES.path),
        "ADDONS": str(build.ADDONS.path),
        "GATEWAY": str(build.GATEWAY.path),
        "PATIENCE": str(PATIENCE // 2),
        **settings,
    }
    log = here.run / f"{name}.log"
    with log.open("w") as stream:
        done = subprocess.run(
            ["bash", HERE / name, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
            check=False,
        )
    if done.returncode:
        last = (log.read_text("utf-8").strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise ClusterError(f"{name} {' '.join(words)}: {last} (logs in {here.run}/log)")


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        found = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in found]


def _made_of(level: str) -> str:
    digest = hashlib.sha256(images.system().name.encode() if level == "node" else b"")
    for module in (build.KUBERNETES, build.ADDONS, build.GATEWAY):
        digest.update(module.path.name.encode())
    for source in sorted([*HERE.glob("*.sh"), *(HERE / "node").iterdir()]):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _path() -> str:
    return f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"


@contextlib.contextmanager
def _lock(here: Cluster) -> Iterator[None]:
    with open(here.run / "lock", "w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _users(here: Cluster) -> list[Path]:
    """Those who are alive; the others are struck off."""
    found = []
    for user in (here.run / "users").glob("*"):
        if user.read_text("utf-8") == _born(int(user.name)):
            found.append(user)
        else:
            user.unlink(missing_ok=True)
    return found


def _born(process: int) -> str | None:
    """When a process started, in the kernel's ticks: a number that is used again is another process."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[19]
    except OSError:
        return None


if __name__ == "__main__":
    with cluster(sys.argv[1]) as running:
        print(f"export KUBECONFIG={running.kubeconfig} PATH={running.kubectl.parent}:$PATH", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
