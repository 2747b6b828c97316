"""A machine of namespaces: the disc's root under systemd, at the host's speed, where a virtual machine cannot run.

It has its own cgroup with the requested memory and processors, and one network card, connected to a bridge with the
name of the host-only interface. Pausing uses the kernel's freezer.
"""

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.minikube.vboxmanage import forward
from tests.minikube.vboxmanage.machines import hardware_address
from tests.minikube.vboxmanage.networks import PREFIX, bits, make_bridge
from tests.minikube.vboxmanage.registry import State, folder

CGROUPS = Path("/sys/fs/cgroup")
PATIENCE = 60
"""Seconds that a machine may take until it answers at port 22, and that its traces may take to go."""

NAT = "10.0.2.0/24"
"""Where VirtualBox's NAT has its name server. There is none: whoever asks a registry is told so at once."""

POWER_BUTTON = signal.SIGRTMIN + 4
"""What systemd as PID 1 takes for it."""


class Namespaces:
    """One such machine, by its name."""

    def __init__(self, name: str, state: State) -> None:
        self._machine = state["vms"][name]
        self._folder = Path(self._machine["folder"]) / name
        self._tag = tag(self._machine["uuid"])
        self._interface = self._machine["settings"]["hostonlyadapter2"]
        self._network = state["hostonlyifs"][self._interface]
        self._address = _address(name, state)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        self._bridge()
        self._limit()
        log = (self._folder / "Logs" / "serial.log").open("wb")
        self._process = subprocess.Popen(
            ["sh", "-c", self._command()],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ | self._told(),
        )
        self._wire(self._init())
        for _, host, port, _, guest in self._machine["rules"].values():
            forward.start((host or "127.0.0.1", int(port)), (self._address, int(guest)))
        self._await_door()
        return self._address

    def press(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._init(), POWER_BUTTON)

    def kill(self) -> None:
        # A frozen process cannot even die.
        freeze(self._machine["uuid"], frozen=False)
        if self._process and self._process.poll() is None:
            # With it goes its child, the machine's PID 1 (--kill-child), and with that all of the machine.
            self._process.kill()

    def wait(self) -> str:
        ended = self._process.wait() if self._process else 0
        subprocess.run(["ip", "link", "delete", self._tag], capture_output=True, check=False)
        sweep(self._machine["uuid"])
        # The kernel ends PID 1 of a namespace that powers itself off by SIGINT.
        return "poweroff" if ended == -signal.SIGINT else "aborted"

    def _bridge(self) -> None:
        """The host-only interface: a bridge of that name with the host's address."""
        if not make_bridge(self._interface, folder()):
            raise OSError(f"{self._interface} is another rig's")
        _ip("address", "replace", f"{self._network['ip']}/{bits(self._network['netmask'])}", "dev", self._interface)
        _ip("link", "set", self._interface, "up")

    def _limit(self) -> None:
        settings = self._machine["settings"]
        limits = {
            "memory.limit_in_bytes": str(int(settings["memory"]) << 20),
            "cpu.cfs_quota_us": str(int(settings["cpus"]) * 100_000),
        }
        for hierarchy in _hierarchies():
            mine = hierarchy / self._tag
            mine.mkdir(exist_ok=True)
            for name in ("cpuset.cpus", "cpuset.mems"):
                if (hierarchy / name).exists():
                    (mine / name).write_text((hierarchy / name).read_text())
            for name, limit in limits.items():
                if (mine / name).exists():
                    (mine / name).write_text(limit)

    def _command(self) -> str:
        """The words of a shell that enters the cgroups and becomes the machine; it dies when we do."""
        join = "".join(f"echo $$ >{one / self._tag}/cgroup.procs; " for one in _hierarchies())
        media = self._machine["media"].values()
        disc, disk = (next(one["path"] for one in media if one["type"] == kind) for kind in ("dvddrive", "hdd"))
        boot = [Path(__file__).with_name("boot.sh"), self._folder, disc, disk]
        unshare = "unshare --mount --net --pid --uts --ipc --cgroup --fork --kill-child"
        return f"{join}exec setpriv --pdeathsig KILL {unshare} bash {shlex.join(map(str, boot))}"

    def _told(self) -> dict[str, str]:
        shares = " ".join(f"{name}={path}" for name, path in self._machine["shares"].items())
        return {"SHARES": shares}

    def _init(self) -> int:
        """The machine's PID 1, as the host sees it."""
        assert self._process
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        end = time.monotonic() + PATIENCE
        while self._process.poll() is None and time.monotonic() < end:
            for child in children.read_text().split():
                with contextlib.suppress(OSError):
                    if os.readlink(f"/proc/{child}/ns/net") != os.readlink("/proc/self/ns/net"):
                        return int(child)
            time.sleep(0.02)
        raise ProcessLookupError("the machine has no first process")

    def _wire(self, init: int) -> None:
        mac = hardware_address(self._machine, 2, ":")
        peer = ("peer", "name", "eth1", "address", mac, "netns", str(init))
        _ip("link", "add", self._tag, "type", "veth", *peer)
        _ip("link", "set", self._tag, "master", self._interface, "up")
        own = f"{self._address}/{bits(self._network['netmask'])}"
        for words in (
            ("link", "set", "lo", "up"),
            ("address", "add", own, "dev", "eth1"),
            ("link", "set", "eth1", "up"),
            ("route", "add", "default", "via", self._network["ip"]),
            ("route", "add", "unreachable", NAT),
        ):
            _ip(*words, within=init)

    def _await_door(self) -> None:
        """Wait for SSH. minikube looks only every three seconds."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection((self._address, 22), 1).close()
                return
            except OSError:
                if time.monotonic() > end or not self._process or self._process.poll() is not None:
                    raise
                time.sleep(0.05)


def tag(identifier: str) -> str:
    """The name of a machine's cable and cgroups, by its UUID."""
    return f"vbt{identifier[:8]}"


def freeze(identifier: str, frozen: bool) -> None:
    """Stop all processes of a machine where they are, or let them go on."""
    state = CGROUPS / "freezer" / tag(identifier) / "freezer.state"
    if state.exists():
        state.write_text("FROZEN" if frozen else "THAWED")


def sweep(identifier: str) -> None:
    """Remove the empty cgroups that a machine leaves, the innermost first; they may take a moment to be empty."""
    end = time.monotonic() + PATIENCE
    for hierarchy in _hierarchies():
        for path, _, _ in os.walk(hierarchy / tag(identifier), topdown=False):
            while True:
                try:
                    os.rmdir(path)
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    if time.monotonic() > end:
                        raise
                    time.sleep(0.02)


def _hierarchies() -> Iterator[Path]:
    for hierarchy in sorted(CGROUPS.iterdir()):
        if hierarchy.name != "unified" and (hierarchy / "cgroup.procs").exists():
            yield hierarchy


def _address(name: str, state: State) -> str:
    """What the DHCP server would give: what the machine had, else the first address that no other machine has."""
    machine = state["vms"][name]
    server = state["dhcpservers"][PREFIX + machine["settings"]["hostonlyadapter2"]]
    network, _, first = server["lower"].rpartition(".")
    taken = {one.get("ip") for one in state["vms"].values() if one is not machine}
    if str(machine.get("ip")).startswith(f"{network}."):
        return str(machine["ip"])
    return next(one for number in range(int(first), 255) if (one := f"{network}.{number}") not in taken)


def _ip(*words: str, within: int | None = None) -> None:
    inside = ["nsenter", "--target", str(within), "--net"] if within else []
    done = subprocess.run([*inside, "ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")
