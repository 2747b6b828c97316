"""Made-up facts of a healthy computer, and programs that answer as VBoxManage and minikube do."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Interface, IPv4Network
from typing import IO, Any

from stackferry.translator.minikube.doctor.facts.facts import Facts
from stackferry.translator.minikube.doctor.facts.host import Folder, Host, Interface, Memory, Route
from stackferry.translator.minikube.doctor.facts.minikube import Config, Minikube, Node, Status
from stackferry.translator.minikube.doctor.facts.virtualbox import Adapter, Machine, Version, VirtualBox
from stackferry.translator.minikube.doctor.finding import Finding
from stackferry.translator.minikube.profile import Profile
from stackferry.translator.minikube.programs import Answer, ProgramError
from stackferry.translator.minikube.size import Size

GIB = 1 << 30
HOST = Host(
    kernel=(6, 1, 0),
    cpu_flags=frozenset(("fpu", "vmx")),
    cpus=8,
    modules={"vboxdrv": 2, "vboxnetadp": 0, "vboxnetflt": 0},
    devices={"/dev/vboxdrv": True, "/dev/vboxnetctl": True},
    module_version="7.2.22 r175245 (0x00330004)",
    secure_boot=False,
    interfaces=(
        Interface("lo", (IPv4Interface("127.0.0.1/8"),), is_loopback=True),
        Interface("eth0", (IPv4Interface("10.1.2.3/24"),)),
    ),
    routes=(Route(IPv4Network("10.1.2.0/24"), "eth0"),),
    memory=Memory(16000, 9000),
    folder=Folder("/home/me", 100 * GIB),
    uid=1000,
    programs=frozenset(("sudo",)),
    folders=frozenset(("/home",)),
)
VIRTUALBOX = VirtualBox("/usr/bin/VBoxManage", Version("7.2.22r175245"))
MINIKUBE = Minikube("/usr/bin/minikube", "v1.38.1", "/home/me/.minikube")
NEW = Facts(host=HOST, virtualbox=VIRTUALBOX, minikube=MINIKUBE)
"""Nothing was ever started."""

PROFILE = Profile("minikube", "virtualbox", Size(2, 4096, 20000), "containerd", "v1.34.4", address="192.168.59.100")
MACHINE = Machine(
    {
        "name": "minikube",
        "UUID": "0f5a",
        "CfgFile": "/home/me/.minikube/machines/minikube/minikube/minikube.vbox",
        "VMState": "running",
        "SATA-0-0": "/home/me/.minikube/machines/minikube/boot2docker.iso",
        "SATA-1-0": "/home/me/.minikube/machines/minikube/disk.vmdk",
        "hostonlyadapter2": "vboxnet0",
        "SharedFolderNameMachineMapping1": "hosthome",
        "SharedFolderPathMachineMapping1": "/home",
    }
)
ADAPTER = Adapter("vboxnet0", "192.168.59.1", "255.255.255.0", "HostInterfaceNetworking-vboxnet0")
RUNNING = replace(
    NEW,
    virtualbox=replace(
        VIRTUALBOX,
        machines=("minikube",),
        running=("minikube",),
        adapters=(ADAPTER,),
        servers=(ADAPTER.network,),
        machine=MACHINE,
        used=frozenset(("vboxnet0",)),
    ),
    minikube=replace(
        MINIKUBE,
        profiles=(PROFILE,),
        configs={"minikube": Config("192.168.59.1/24")},
        has_folder=True,
        has_disc=True,
        status=Status("Running", "Running", "Running", "Configured"),
    ),
    node=Node(0.2, has_share=True, disk=20, room=14000, answers=True),
)
"""A cluster runs."""


def on(facts: Facts, room: str = "", **changes: Any) -> Facts:
    """The same with other facts: of a room (`host`, `virtualbox`, …), or of all of them."""
    if not room:
        return replace(facts, **changes)
    return replace(facts, **{room: replace(getattr(facts, room), **changes)})


def stopped(facts: Facts = RUNNING, state: str = "poweroff", **values: str) -> Facts:
    """The same with a machine in another state."""
    machine = Machine({**MACHINE.values, "VMState": state, **values})
    status = Status("Stopped", "Stopped", "Stopped", "Stopped")
    changed = on(facts, "virtualbox", machine=machine, running=())
    return replace(on(changed, "minikube", status=status), node=None)


def found(answer: Finding | None) -> Finding:
    """What a check has said, which has to be something."""
    assert answer is not None
    return answer


class FakePrograms:
    """Answers by the words of a call: a text, an Answer, or an error to be raised. `calls`: what was called."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = dict(answers)
        self.calls: list[str] = []
        self._lock = threading.Lock()

    def path(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if any(words.split()[0] == name for words in self.answers) else None

    def run(
        self,
        words: Sequence[str],
        *,
        patience: float = 60.0,
        told: Callable[[str], None] | None = None,
        stdin: IO[bytes] | None = None,
    ) -> Answer:
        line = " ".join(words)
        with self._lock:
            self.calls.append(line)
        found = next((answer for start, answer in self.answers.items() if line.startswith(start)), None)
        if isinstance(found, Exception):
            raise found
        if found is None:
            raise ProgramError(f"{words[0]} is not on the PATH", f"install {words[0]}")
        return found if isinstance(found, Answer) else Answer(0, str(found))
