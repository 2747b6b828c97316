"""A machine that is only an SSH server (RIG_VM=ssh): it answers minikube's provisioner, and needs no privileges.

`minikube start --no-kubernetes` ends well on it, in seconds. What it is asked stands in RIG_DIR/ssh.log.
"""

import contextlib
import socket
import threading
import time
from typing import Any

import paramiko

from tests.minikube.vboxmanage import registry
from tests.minikube.vboxmanage.machines import hardware_address

OS_RELEASE = """\
NAME=Buildroot
VERSION=2025.02-rig
ID=buildroot
VERSION_ID=2025.02
PRETTY_NAME="Buildroot 2025.02 (rig)"
"""
CRICTL = """\
Version:  0.1.0
RuntimeName:  containerd
RuntimeVersion:  v1.7.28
RuntimeApiVersion:  v1
"""
ANSWERS = (
    # part of a command: the output; the first that fits counts, and all others have none
    ("os-release", OS_RELEASE),
    ("df -BG", "12\n"),
    ("df --output=fstype", "ext4\n"),
    ("df -h /var", "2%\n"),
    ("uname -r", "6.6.95\n"),
    ("docker version", "28.5.2\n"),
    ("containerd --version", "containerd github.com/containerd/containerd v1.7.28 0\n"),
    ("which crictl", "/usr/bin/crictl\n"),
    ("crictl version", CRICTL),
    ("docker info", "cgroupfs\n"),
    ("nproc", "2\n"),
)
IP_ADDR = """\
3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    link/ether {mac} brd ff:ff:ff:ff:ff:ff
    inet {address}/24 brd 192.168.59.255 scope global dynamic eth1
"""


class Server:
    """The machine, by its description in the state."""

    def __init__(self, machine: dict[str, Any]) -> None:
        adapter = machine["settings"].get("hostonlyadapter2", "vboxnet0")
        network = registry.read(registry.folder())["hostonlyifs"].get(adapter, {"ip": "192.168.59.1"})
        self.address = f"{network['ip'].rpartition('.')[0]}.100"
        self.mac = hardware_address(machine, 2, ":").lower()
        _, host, port, *_ = machine["rules"]["ssh"]
        self._door = (host, int(port))
        self._key = paramiko.RSAKey.generate(2048)
        self._ended = threading.Event()

    def start(self) -> str:
        listener = socket.create_server(self._door)
        threading.Thread(target=self._serve, args=(listener,), daemon=True).start()
        return self.address

    def press(self) -> None:
        self._ended.set()

    def kill(self) -> None:
        self._ended.set()

    def wait(self) -> str:
        self._ended.wait()
        return "poweroff"

    def answer(self, command: str) -> tuple[str, int]:
        """The output of a command and how it ends."""
        if command == "ip addr show":
            return IP_ADDR.format(mac=self.mac, address=self.address), 0
        if command.strip() == "hostname":
            return "minikube\n", 0
        for part, output in ANSWERS:
            if part in command:
                return output, 0
        # minikube looks whether a file that it would copy is there already: none is.
        return "", int("stat" in command and "%" in command)

    def _serve(self, listener: socket.socket) -> None:
        while True:
            caller, _ = listener.accept()
            threading.Thread(target=self._talk, args=(caller,), daemon=True).start()

    def _talk(self, caller: socket.socket) -> None:
        with contextlib.suppress(paramiko.SSHException, OSError, EOFError):
            transport = paramiko.Transport(caller)
            transport.add_server_key(self._key)
            transport.start_server(server=_Session(self))
            # A channel that nobody holds is closed.
            held = []
            while transport.is_active():
                held.append(transport.accept(0.2))


class _Session(paramiko.ServerInterface):
    def __init__(self, server: Server) -> None:
        self._server = server

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return paramiko.AUTH_SUCCESSFUL

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_pty_request(self, channel: paramiko.Channel, *_: Any) -> bool:
        return True

    def check_channel_shell_request(self, channel: paramiko.Channel) -> bool:
        return True

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        text = command.decode(errors="replace")
        with (registry.folder() / "ssh.log").open("a") as log:
            log.write(text.replace("\n", "\\n") + "\n")
        threading.Thread(target=self._run, args=(channel, text), daemon=True).start()
        return True

    def _run(self, channel: paramiko.Channel, command: str) -> None:
        with contextlib.suppress(OSError, EOFError):
            if "scp " in command and " -t" in f" {command}".replace("-qt", "-t"):
                _take_file(channel)
                status = 0
            else:
                output, status = self._server.answer(command)
                channel.sendall(output.encode())
            channel.send_exit_status(status)
            channel.shutdown_write()
            # Whoever called closes; some wait for us.
            time.sleep(0.05)
            channel.close()


def _take_file(channel: paramiko.Channel) -> None:
    """The receiving end of scp: a line `C0644 SIZE NAME`, that many bytes and a zero; each is answered by a zero."""
    channel.sendall(b"\0")
    held = b""
    while b"\n" not in held:
        data = channel.recv(65536)
        if not data:
            return
        held += data
    line, _, held = held.partition(b"\n")
    channel.sendall(b"\0")
    left = int(line.split()[1]) + 1 - len(held)
    while left > 0 and (data := channel.recv(65536)):
        left -= len(data)
    channel.sendall(b"\0")
