"""How the answers of a published service's tasks get back to its gate, so that tasks see their clients. Pure.

If a gate does not masquerade a client, answers must pass the gate, or the client would get them from an address that
it never contacted. So a helper (`return.sh`) in the task's network namespace, with the privilege that the task lacks,
marks packets from the gate's hardware address and routes the answers to the gate. All other traffic of the task is
unaffected. `return_marks.py` runs helpers, `desired_gates.py` tells gates which tasks are ready.

A service has one gate for its ports, so a task's namespace needs one mark and one routing table.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address
from typing import get_args

from stackferry.emulator.cluster.labels import GATE, HELPER, of_stack
from stackferry.emulator.cluster.objects import Cluster, Task
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.webnet.gate_container import hardware_address
from stackferry.emulator.webnet.gate_state import GateState
from stackferry.emulator.webnet.nftables import Backend, Protocol, Returning
from stackferry.grammar.lazy_dataclass import dataclass

STRICT = 3
"""Exit code of a helper: the kernel's reverse path filter would drop packets from the gate."""

LOOSE: Mapping[str, str] = {"net.ipv4.conf.all.rp_filter": "2"}
"""The remedy: a loose reverse path filter. The larger of the values for all interfaces and for one counts."""

_ALL: tuple[Protocol, ...] = get_args(Protocol)
_PROTOCOLS: Mapping[str, tuple[Protocol, ...]] = {
    # last words of a helper: the protocols that need no masquerade
    "all": _ALL,
    # The default route leads through another network. A UDP answer would carry that network's address, which the client
    # never contacted; a connection has its address from the beginning.
    "tcp": ("tcp",),
}


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """From one task to its gate. `address` is the task's in the gate's network, `service` the service of both."""

    service: str
    container_id: str
    address: IPv4Address
    gate: IPv4Address

    def command(self) -> list[str]:
        """The helper's command line."""
        return ["/return.sh", str(self.address), str(self.gate), hardware_address(self.gate)]


@dataclass(frozen=True, slots=True)
class Marked:
    """A task whose helper has succeeded, and the protocols that this covers."""

    path: ReturnPath
    protocols: tuple[Protocol, ...] = _ALL


Marks = Mapping[str, Marked]
"""Marks by task id."""


def return_paths(cluster: Cluster, gates: Iterable[GateState]) -> dict[str, ReturnPath]:
    """What each running task needs, by its id; unhealthy tasks are included."""
    by_service = {gate.subject: gate for gate in gates if gate.subnet is not None and gate.address is not None}
    found: dict[str, ReturnPath] = {}
    for task in cluster.tasks.values():
        service = cluster.services.get(task.service_id)
        gate = by_service.get(service.spec.name) if service else None
        if gate is None or gate.address is None or not _runs(task):
            continue
        if address := task.addresses.get(gate.network):
            found[task.id] = ReturnPath(gate.subject, task.container_id, IPv4Address(address), gate.address)
    return found


def _runs(task: Task) -> bool:
    begun = task.started_at is not None and TaskState.STARTING <= task.state <= TaskState.RUNNING
    return begun and bool(task.container_id) and task.desired <= TaskState.RUNNING and not task.failing


def starting(cluster: Cluster) -> bool:
    """Whether containers are being created or started: helpers can wait, and users wait for tasks."""
    return any(
        task.started_at is None
        and TaskState.PREPARING <= task.state <= TaskState.STARTING
        and TaskState.RUNNING <= task.desired <= TaskState.COMPLETE
        for task in cluster.tasks.values()
    )


def returning(rotation: Sequence[Backend], gate: IPv4Address | None, marks: Marks) -> tuple[Returning, ...]:
    """The tasks of a gate that may get clients without a masquerade."""
    return tuple(_returning(rotation, gate, marks))


def _returning(rotation: Sequence[Backend], gate: IPv4Address | None, marks: Marks) -> Iterator[Returning]:
    for task in rotation:
        mark = marks.get(task.task_id)
        if mark is not None and (mark.path.address, mark.path.gate) == (task.address, gate):
            yield Returning(task.address, mark.protocols)


def helper_body(
    path: ReturnPath, task_id: str, stack: str, image: str, sysctls: Mapping[str, str]
) -> dict[str, object]:
    """The body of POST /containers/create. It has one capability in the task's network namespace, and is removed."""
    return {
        "Image": image,
        "Entrypoint": ["/bin/sh"],
        "Cmd": path.command(),
        "Labels": {**of_stack(stack), GATE: path.service, HELPER: task_id},
        "AttachStdout": True,
        "AttachStderr": True,
        "HostConfig": {
            "NetworkMode": f"container:{path.container_id}",
            "CapDrop": ["ALL"],
            "CapAdd": ["NET_ADMIN"],
            "ReadonlyRootfs": True,
            "SecurityOpt": ["no-new-privileges"],
            "IpcMode": "none",
            "PidsLimit": 64,
            "AutoRemove": True,
            "LogConfig": {"Type": "none"},
            **({"Sysctls": dict(sysctls)} if sysctls else {}),
        },
    }


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a helper. `said` is its output without the last line; `code` is -1 if it was cut off."""

    code: int
    protocols: tuple[Protocol, ...] = ()
    said: str = ""


def answer(text: str) -> Answer:
    """The result from a helper's output, whose last line is `= <code> <protocols>`."""
    said, _, last = ("\n" + text.rstrip("\n")).rpartition("\n")
    words = last.split()
    if len(words) < 2 or words[0] != "=" or not words[1].isdigit():
        return Answer(-1, said=text.strip())
    protocols = _PROTOCOLS.get(words[2], ()) if len(words) > 2 else ()
    return Answer(int(words[1]), protocols, said.strip())
