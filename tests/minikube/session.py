"""Makes and removes rigs with everything that runs in them: machines, bridges, cgroups, folders.

Each rig has a folder below one in /tmp, which records the processes that use it. All test processes share one rig with
a node: the first user makes it, the last one removes it. A rig whose users are all dead is left from a killed run and
is removed by the next user. Run as a program, it keeps its own rig until Ctrl-C, and prints the variables for a shell:
python tests/minikube/session.py ns
"""

import contextlib
import fcntl
import importlib.util
import ipaddress
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.cluster import build
from tests.minikube import binary, offline, prepare
from tests.minikube.rig import Rig, link_cache
from tests.minikube.vboxmanage import namespaces, networks, registry
from tests.minikube.vboxmanage.power import born

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
"""Seconds for the processes of a rig to go."""

COMMANDS = {
    "unshare": "util-linux",
    "setpriv": "util-linux",
    "nsenter": "util-linux",
    "ip": "iproute2",
    "busybox": "busybox-static",
}
"""What a machine of namespaces is made with, and the images for it; and the Debian package of each."""

NETWORKS = {"ns": (60, 61, 62, 63), "ssh": (59, 58, 57, 56), "none": (59, 58, 57, 56)}
"""Of 192.168.N.0/24, which VirtualBox allows. A node has a bridge in its own one; 59 is minikube's choice."""


def unavailable(kind: str) -> str | None:
    """Why there can be no rig of this kind here, in one line, or None."""
    wanted = prepare.missing() if kind == "ns" else [] if binary.program().exists() else ["minikube"]
    if wanted:
        return f"no minikube rig here ({', '.join(wanted)} not built): make test-minikube (Go, minutes)"
    if kind == "ssh" and importlib.util.find_spec("paramiko") is None:
        return "a rig that answers by SSH needs paramiko, of the extra `dev`"
    return _no_namespaces() if kind == "ns" else None


def _no_namespaces() -> str | None:
    if os.geteuid():
        return "only root can start minikube's node here"
    lacking = sorted({package for name, package in COMMANDS.items() if shutil.which(name, path=_path()) is None})
    if lacking:
        return f"minikube's node needs {' '.join(lacking)}"
    if not Path("/sys/fs/cgroup/freezer").is_dir():
        return "minikube's node is tried with cgroup v1 only"
    known = Path("/proc/filesystems").read_text("utf-8").split()
    absent = [name for name in ("squashfs", "overlay", "ext4") if name not in known]
    if absent:
        return f"minikube's node needs a kernel with {', '.join(absent)}"
    if subprocess.run(["losetup", "--find"], env={"PATH": _path()}, capture_output=True, check=False).returncode:
        return "minikube's node needs loop devices"
    return None


@contextlib.contextmanager
def shared() -> Iterator[Rig]:
    """The rig with a node that all test processes share. Whoever changes anything takes a `turn`."""
    with _used("shared", "ns") as rig:
        yield rig


@contextlib.contextmanager
def turn(rig: Rig) -> Iterator[None]:
    """The shared rig alone, without the other processes' tests."""
    with open(rig.folder / "turn", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def private(kind: str) -> Iterator[Rig]:
    """A fresh rig for one user; in time, some milliseconds."""
    with _used(f"{kind}-{uuid.uuid4().hex[:8]}", kind) as rig:
        yield rig


@contextlib.contextmanager
def _used(name: str, kind: str) -> Iterator[Rig]:
    with _lock():
        _remove_leftovers()
        rig = _known(_top() / name) or _made(_top() / name, kind)
        me = rig.folder / "users" / str(os.getpid())
        me.write_text(born(os.getpid()), "utf-8")
    try:
        yield rig
    finally:
        with _lock():
            me.unlink(missing_ok=True)
            if not _users(rig.folder):
                _remove(rig.folder)


def _made(folder: Path, kind: str) -> Rig:
    for name in ("users", "home/.minikube", "rig", "tmp", "path"):
        (folder / name).mkdir(parents=True)
    rig = Rig(folder, kind, _free_network(kind))
    if kind == "ns":
        link_cache(offline.folder(), folder / "home" / ".minikube" / "cache")
    else:
        (folder / "tiny.iso").write_bytes(bytes(4096))
    (folder / "path" / "minikube").symlink_to(binary.program())
    (folder / "path" / "kubectl").symlink_to(build.KUBERNETES.path / "kubectl")
    # Started some fifty times by one start: without the site packages, and without looking for an interpreter.
    stand_in = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests.minikube.vboxmanage.main import main\n"
    _script(folder / "path" / "VBoxManage", f"#!{sys.executable} -IS\n{stand_in}sys.exit(main(sys.argv[1:]))\n")
    if shutil.which("sudo") is None and not os.geteuid():
        # `minikube tunnel` calls it, also as root.
        _script(folder / "path" / "sudo", '#!/bin/sh\n[ "$1" != -n ] || shift\nexec "$@"\n')
    (folder / "about.json").write_text(json.dumps({"kind": kind, "cidr": rig.cidr}), "utf-8")
    return rig


def _known(folder: Path) -> Rig | None:
    try:
        return Rig(folder, **json.loads((folder / "about.json").read_text("utf-8")))
    except FileNotFoundError:
        return None


def _free_network(kind: str) -> str:
    """The host's address in a network that no interface of the host has, and no other rig with a node."""
    known = [rig for path in _top().iterdir() if path.is_dir() and (rig := _known(path))]
    taken = {rig.cidr for rig in known if rig.kind == "ns"}
    shown = subprocess.run(["ip", "-json", "address"], env={"PATH": _path()}, capture_output=True, check=True).stdout
    held = [ipaddress.ip_address(one["local"]) for link in json.loads(shown) for one in link["addr_info"]]
    for number in NETWORKS[kind]:
        cidr = f"192.168.{number}.1/24"
        network = ipaddress.ip_network(f"192.168.{number}.0/24")
        if cidr not in taken and not any(address in network for address in held):
            return cidr
    raise OSError(f"the host has something in each network of {NETWORKS[kind]}")


def _remove_leftovers() -> None:
    for folder in _top().iterdir():
        if folder.is_dir() and not _users(folder):
            _remove(folder)


def _remove(folder: Path) -> None:
    """End what runs in a rig, whoever started it, and remove its traces and its folder."""
    end = time.monotonic() + PATIENCE
    while (processes := _processes(folder)) and time.monotonic() < end:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM if end - time.monotonic() > PATIENCE / 2 else signal.SIGKILL)
        time.sleep(0.05)
    rig = _known(folder)
    if rig and rig.kind == "ns":
        state = registry.read(folder / "rig")
        for machine in state["vms"].values():
            namespaces.sweep(machine["uuid"])
        for name in state["hostonlyifs"]:
            networks.remove_bridge(name, folder / "rig")
    shutil.rmtree(folder, ignore_errors=True)


def _processes(folder: Path) -> list[int]:
    """Those that have the rig's environment: keepers of machines, minikube in the foreground, and what they started."""
    mark, found = f"RIG_DIR={folder / 'rig'}".encode(), []
    for path in Path("/proc").glob("[0-9]*/environ"):
        number = int(path.parent.name)
        with contextlib.suppress(OSError):
            if number != os.getpid() and mark in path.read_bytes().split(b"\0") and born(number):
                found.append(number)
    return found


def _users(folder: Path) -> list[Path]:
    """Those who are alive; the others are struck off."""
    found = []
    for user in (folder / "users").glob("*"):
        if user.read_text("utf-8") == born(int(user.name)):
            found.append(user)
        else:
            user.unlink(missing_ok=True)
    return found


@contextlib.contextmanager
def _lock() -> Iterator[None]:
    _top().mkdir(parents=True, exist_ok=True)
    with open(_top() / "lock", "w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _top() -> Path:
    # Not TMPDIR: a rig's own shell would hide the others.
    return Path("/tmp") / f"stackferry-minikube-{os.geteuid()}"


def _path() -> str:
    return f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"


def _script(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.chmod(0o755)


def main(kind: str) -> int:
    reason = unavailable(kind)
    if reason:
        print(reason, file=sys.stderr)
        return 1
    with private(kind) as rig:
        said = " ".join(f"{name}={shlex.quote(value)}" for name, value in rig.own_variables.items())
        print(f"export {said} PATH={shlex.quote(str(rig.folder / 'path'))}:$PATH")
        print(f"RIG_START={shlex.quote(shlex.join(rig.start_words))}")
        print(f"# minikube start {shlex.join(rig.whole_start)}", flush=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
